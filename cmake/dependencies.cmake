# Every library that Ascribo uses; third_party/README.md says why.
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(PkgConfig REQUIRED)
find_package(simdjson REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 3.3 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)  # its headers only
# Found by hand: Debian's own CMake package for oneDNN asks for OpenCL, which nothing here needs.
find_path(ASCRIBO_DNNL_INCLUDE dnnl.hpp REQUIRED)
find_library(ASCRIBO_DNNL_LIBRARY dnnl REQUIRED)
add_library(ascribo_dnnl INTERFACE)
target_include_directories(ascribo_dnnl SYSTEM INTERFACE ${ASCRIBO_DNNL_INCLUDE})
target_link_libraries(ascribo_dnnl INTERFACE ${ASCRIBO_DNNL_LIBRARY})
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(oniguruma REQUIRED IMPORTED_TARGET oniguruma)
pkg_check_modules(nettle REQUIRED IMPORTED_TARGET nettle)
find_library(ASCRIBO_CSV csv REQUIRED)

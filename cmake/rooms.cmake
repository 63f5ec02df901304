# One static library per room, so that the direction of the rooms is also the direction of linking.

# ascribo_room(NAME [USES room...] [PRIVATE_LIBS lib...]): every .cpp in ascribo/NAME/ and below.
function(ascribo_room name)
  cmake_parse_arguments(ARG "" "" "USES;PRIVATE_LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/ascribo/${name}/*.cpp)
  add_library(ascribo_${name} STATIC ${sources})
  target_include_directories(ascribo_${name} PUBLIC ${PROJECT_SOURCE_DIR}
                                                    ${PROJECT_BINARY_DIR}/generated)
  target_compile_features(ascribo_${name} PUBLIC cxx_std_20)
  target_link_libraries(ascribo_${name} PRIVATE ascribo_flags)
  foreach(room ${ARG_USES})
    target_link_libraries(ascribo_${name} PUBLIC ascribo_${room})
  endforeach()
  target_link_libraries(ascribo_${name} PRIVATE ${ARG_PRIVATE_LIBS})
  set_target_properties(ascribo_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY ASCRIBO_ROOMS ascribo_${name})
  set_property(GLOBAL APPEND PROPERTY ASCRIBO_ROOM_LIBS ${ARG_PRIVATE_LIBS})
endfunction()

# ascribo_table(ROOM FOLDER PREFIX): writes generated/ascribo/FOLDER/table.inc with one line
# `X(stem)` per .cpp file of ascribo/FOLDER that defines PREFIX_<stem>. Files that are not entries
# (no function of that name in the text) are left out.
function(ascribo_table room folder prefix)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/ascribo/${folder}/*.cpp)
  list(SORT files)
  set(lines "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    file(STRINGS ${file} found REGEX "${prefix}_${stem}\\(" LIMIT_COUNT 1)
    if(found)
      string(APPEND lines "X(${stem})\n")
    endif()
  endforeach()
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/ascribo/${folder}/table.inc
       CONTENT "${lines}" @ONLY)
endfunction()

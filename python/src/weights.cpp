// SPDX-License-Identifier: MIT
// A model whose weights another library holds, as arrays.
#include <nanobind/ndarray.h>

#include "bindings.h"

namespace ascribo::python {
namespace {

using Weight = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;

/// bfloat16, which NumPy does not know, comes as the uint16 of the same bits.
Dtype dtype_of_array(const std::string& name, const Weight& array) {
  const nb::dlpack::dtype dtype = array.dtype();
  if (dtype == nb::dtype<float>()) return Dtype::kF32;
  if (dtype == nb::dtype<double>()) return Dtype::kF64;
  if (dtype == nb::dtype<std::uint16_t>()) return Dtype::kBF16;
  const auto half = static_cast<std::uint8_t>(nb::dlpack::dtype_code::Float);
  if (dtype.code == half && dtype.bits == 16) return Dtype::kF16;
  fail(Code::kUnsupported, "weights", "\"" + name + "\" is neither float nor half",
       "expected float32, float64, float16 or bfloat16");
}

Tensor borrow(const std::string& name, const Weight& array) {
  Shape shape;
  for (std::size_t axis = 0; axis < array.ndim(); ++axis) {
    shape.push_back(static_cast<std::int64_t>(array.shape(axis)));
  }
  return Tensor::borrow(array.data(), std::move(shape), dtype_of_array(name, array),
                        std::make_shared<const Weight>(array));
}

Subject open_with_weights(const std::filesystem::path& folder,
                          const std::vector<std::string>& labels, bool doubles,
                          const std::vector<std::pair<std::string, Weight>>& weights) {
  SubjectOptions options;
  options.labels = labels;
  if (doubles) options.compute = Dtype::kF64;
  NamedTensors tensors;
  for (const auto& [name, array] : weights) tensors.push_back({name, borrow(name, array)});
  const nb::gil_scoped_release release;
  return open_in_memory(folder, tensors, options);
}

}  // namespace

void bind_subject_weights(nb::class_<Subject>& subject) {
  subject.def_static("open_with_weights", &open_with_weights, "folder"_a, "labels"_a, "doubles"_a,
                     "weights"_a,
                     nb::sig("def open_with_weights(folder: str | os.PathLike[str], "
                             "labels: collections.abc.Sequence[str], doubles: bool, "
                             "weights: collections.abc.Sequence[tuple[str, typing.Any]]) -> "
                             "Subject"));
}

}  // namespace ascribo::python

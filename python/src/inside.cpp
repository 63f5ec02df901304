// SPDX-License-Identifier: MIT
// What stands at taps inside a model, and its gradients.
#include "arrays.h"
#include "bindings.h"

namespace ascribo::python {
namespace {

TapPoint tap_point(const Model& model, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [point, shape] : model.taps(1)) {
    names.push_back(to_string(point));
    if (names.back() == name) return point;
  }
  fail(Code::kUnknownName, "taps", "there is no tap \"" + name + "\" in this model",
       "expected " + names.front() + ", ..., " + names[2] + ", ... or " + names.back(),
       nearest_hint(name, names, "subject.taps() lists them"));
}

std::vector<TapPoint> tap_points(const Model& model, const std::vector<std::string>& names) {
  std::vector<TapPoint> points;
  for (const std::string& name : names) points.push_back(tap_point(model, name));
  return points;
}

Array<float> array_of(const Tensor& tensor) {
  const std::vector<float> values = tensor.to_vector<float>();
  return make_array<float>(tensor.shape(),
                           [&](float* to) { std::copy(values.begin(), values.end(), to); });
}

nb::dict activations(const Subject& self, const Input& input,
                     const std::vector<std::string>& taps) {
  std::vector<TapValue> found;
  {
    const nb::gil_scoped_release release;
    found = look(self, input, tap_points(self.model(), taps));
  }
  nb::dict arrays;
  for (std::size_t i = 0; i < taps.size(); ++i) arrays[taps[i].c_str()] = array_of(found[i].value);
  return arrays;
}

nb::dict gradients(const Subject& self, const Input& input, const std::vector<std::string>& taps,
                   const Request& request) {
  std::vector<TapValue> found;
  {
    const nb::gil_scoped_release release;
    found = look(self, input, tap_points(self.model(), taps), request);
  }
  nb::dict arrays;
  for (std::size_t i = 0; i < taps.size(); ++i) {
    arrays[taps[i].c_str()] =
        nb::make_tuple(array_of(found[i].value), array_of(found[i].gradients));
  }
  return arrays;
}

std::vector<std::pair<std::string, Shape>> taps(const Subject& self, std::int64_t length) {
  std::vector<std::pair<std::string, Shape>> found;
  for (const auto& [point, shape] : self.model().taps(length)) {
    found.emplace_back(to_string(point), shape);
  }
  return found;
}

}  // namespace

void bind_subject_inside(nb::class_<Subject>& subject) {
  const char* kArrays = "dict[str, numpy.typing.NDArray[numpy.float32]]";
  subject.def("taps", &taps, "length"_a)
      .def("activations", &activations, "input"_a, "taps"_a,
           nb::sig(("def activations(self, input: Input, taps: collections.abc.Sequence[str]) -> " +
                    std::string(kArrays))
                       .c_str()))
      .def("gradients", &gradients, "input"_a, "taps"_a, "request"_a,
           nb::sig("def gradients(self, input: Input, taps: collections.abc.Sequence[str], "
                   "request: Request) -> dict[str, tuple[numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.float32]]]"));
}

}  // namespace ascribo::python

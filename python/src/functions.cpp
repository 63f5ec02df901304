// SPDX-License-Identifier: MIT
// Targets that Python computes.
#include <algorithm>
#include <span>
#include <utility>

#include "arrays.h"
#include "bindings.h"

namespace ascribo::python {
namespace {

[[noreturn]] void raise_type_error(const std::string& message) {
  PyErr_SetString(PyExc_TypeError, message.c_str());
  throw nb::python_error();
}

/// What the function returned: a value, and its gradient where that was asked for.
double read_answer(const nb::object& answer, std::span<double> gradient, const std::string& name) {
  nb::object value = answer, slopes;
  if (nb::isinstance<nb::tuple>(answer)) {
    const nb::tuple both(answer);
    if (both.size() == 2) {
      value = both[0];
      slopes = both[1];
    }
  }
  const nb::object number = nb::steal(PyNumber_Float(value.ptr()));
  if (!number.is_valid()) {
    PyErr_Clear();
    raise_type_error("[target] " + name + " returned a " +
                     nb::cast<std::string>(value.type().attr("__name__")) +
                     "; expected (value, gradient)");
  }
  if (gradient.empty()) return nb::cast<double>(number);
  if (!slopes.is_valid()) {
    raise_type_error("[target] " + name +
                     " returned a value alone; expected (value, gradient), since this method needs "
                     "gradients");
  }
  const nb::object floats =
      nb::module_::import_("numpy").attr("ascontiguousarray")(slopes, "dtype"_a = "float64");
  const auto array = nb::cast<nb::ndarray<const double, nb::c_contig, nb::device::cpu>>(floats);
  if (array.size() != gradient.size()) {
    fail(Code::kInvalidArgument, "target",
         name + " returned a gradient of " + std::to_string(array.size()) + " numbers",
         "expected one for each of the " + std::to_string(gradient.size()) + " logits");
  }
  std::copy_n(array.data(), array.size(), gradient.begin());
  return nb::cast<double>(number);
}

/// A Python function that takes logits. It is let go of under the GIL, wherever the last copy goes.
std::shared_ptr<const LogitFunction> logit_function(nb::object function, std::string name,
                                                    std::string of) {
  const std::shared_ptr<nb::object> held(new nb::object(std::move(function)), [](nb::object* last) {
    const nb::gil_scoped_acquire acquire;
    delete last;
  });
  LogitFunction made{.name = std::move(name), .of = std::move(of), .evaluate = {}};
  made.evaluate = [held, name = made.name](std::span<const double> logits,
                                           std::span<double> gradient) {
    const nb::gil_scoped_acquire acquire;
    const auto array =
        make_array<double>({static_cast<std::int64_t>(logits.size())},
                           [&](double* to) { std::copy(logits.begin(), logits.end(), to); });
    return read_answer((*held)(array), gradient, name);
  };
  return std::make_shared<const LogitFunction>(std::move(made));
}

}  // namespace

void bind_functions(nb::module_& module) {
  nb::class_<LogitFunction>(module, "LogitFunction",
                            "A target that Python computes from logits, and where these come from.")
      .def_ro("name", &LogitFunction::name)
      .def_ro("of", &LogitFunction::of);
  module.def("logit_function", &logit_function, "function"_a, "name"_a, "of"_a,
             nb::sig("def logit_function(function: collections.abc.Callable[["
                     "numpy.typing.NDArray[numpy.float64]], typing.Any], name: str, of: str) -> "
                     "LogitFunction"));
}

}  // namespace ascribo::python

// SPDX-License-Identifier: MIT
// The library's errors as Python exceptions, by their codes: ascribo/errors.py has the classes.
#include "bindings.h"
#include "raised.h"

namespace ascribo::python {

nb::object exception_of(Code code, std::string_view message) {
  return nb::module_::import_("ascribo.errors").attr("of_code")(code_name(code), message);
}

void bind_errors(nb::module_& module) {
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Error& error) {
      const nb::object exception = exception_of(error.code(), error.what());
      PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
    }
  });
  module.def(
      "fail",
      [](const std::string& code, std::string_view where, std::string_view given,
         std::string_view expected, std::string_view hint) {
        for (int c = 0; c <= static_cast<int>(Code::kInternal); ++c) {
          if (code_name(static_cast<Code>(c)) != code) continue;
          fail(static_cast<Code>(c), where, given, expected, hint);
        }
        throw nb::value_error("there is no such code");
      },
      "code"_a, "where"_a, "given"_a, "expected"_a, "hint"_a = "",
      nb::sig("def fail(code: str, where: str, given: str, expected: str, hint: str = '') -> "
              "typing.NoReturn"),
      "Raises the exception of a code, its message put together as everywhere.");
}

}  // namespace ascribo::python

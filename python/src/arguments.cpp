// SPDX-License-Identifier: MIT
// Reads Python strings.
#include "arguments.h"

namespace ascribo::python {

namespace nb = nanobind;

std::string text_of(nb::handle value, const char* what) {
  if (!PyUnicode_Check(value.ptr())) {
    const nb::str type(value.type().attr("__name__"));
    throw nb::type_error(
        ("[input] " + std::string(what) + " is of type " + type.c_str() + "; expected str")
            .c_str());
  }
  Py_ssize_t size = 0;
  const char* direct = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (direct != nullptr) return {direct, static_cast<std::size_t>(size)};
  PyErr_Clear();
  const nb::object bytes =
      nb::steal(PyUnicode_AsEncodedString(value.ptr(), "utf-8", "surrogatepass"));
  if (!bytes.is_valid()) throw nb::python_error();
  char* data = nullptr;
  if (PyBytes_AsStringAndSize(bytes.ptr(), &data, &size) != 0) throw nb::python_error();
  return {data, static_cast<std::size_t>(size)};
}

std::optional<std::string> optional_text_of(nb::handle value, const char* what) {
  if (value.is_none()) return std::nullopt;
  return text_of(value, what);
}

}  // namespace ascribo::python

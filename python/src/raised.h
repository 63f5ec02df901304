// SPDX-License-Identifier: MIT
// Errors of the library as Python objects, for results that hold them.
#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

#include "ascribo/ascribo.h"

namespace ascribo::python {

/// The exception that an error of this code and message is in Python.
nanobind::object exception_of(Code code, std::string_view message);

}  // namespace ascribo::python

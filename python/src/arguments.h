// SPDX-License-Identifier: MIT
// Python values as the library takes them.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>

namespace ascribo::python {

/// A str in UTF-8. Half a surrogate pair, which no UTF-8 has, is passed on as it is, so that the
/// library says where it stands. Raises TypeError for anything else, naming `what`.
std::string text_of(nanobind::handle value, const char* what);

/// The same where None stands for nothing.
std::optional<std::string> optional_text_of(nanobind::handle value, const char* what);

}  // namespace ascribo::python

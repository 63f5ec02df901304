// SPDX-License-Identifier: MIT
// Which known name a mistyped one was probably meant to be; for hints in errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {

/// The name with the fewest letters to add, drop, change or swap, ignoring case and taking '-' for
/// '_'; also one that begins with `word`. Empty when nothing is close. Of equals, the first.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& names);

/// `did you mean "NAME"?`, or `fallback` when nothing is close.
std::string nearest_hint(std::string_view word, const std::vector<std::string>& names,
                         std::string_view fallback = {});

/// "a, b and c", for the list of what there is.
std::string listed(const std::vector<std::string>& names, std::string_view last = "and");

}  // namespace ascribo

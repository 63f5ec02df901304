// SPDX-License-Identifier: MIT
// What stages search for: {"String": text} or {"Regex": pattern} in tokenizer.json.
#pragma once

#include <string>
#include <string_view>

#include "ascribo/base/json.h"
#include "ascribo/text/patterns/regex.h"

namespace ascribo {

struct Pattern {
  Regex regex;
  std::string shown;  ///< for describe(): the text in quotes, or the pattern between slashes
};

/// Errors: kBadFile for neither of the two, and for a pattern that does not compile.
Pattern read_pattern(const Json& description, std::string_view where);

}  // namespace ascribo

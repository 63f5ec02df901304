// SPDX-License-Identifier: MIT
// Reads a pattern of either kind.
#include "ascribo/text/patterns/pattern.h"

#include "ascribo/base/error.h"

namespace ascribo {

Pattern read_pattern(const Json& description, std::string_view where) {
  if (description.is_object()) {
    if (const auto text = description.find("String")) {
      return {Regex::literal(text->string(), where), "\"" + std::string(text->string()) + "\""};
    }
    if (const auto pattern = description.find("Regex")) {
      return {Regex(pattern->string(), where), "/" + std::string(pattern->string()) + "/"};
    }
  }
  fail(Code::kBadFile, where, "the pattern " + description.dump().substr(0, 100),
       R"(expected {"String": a text} or {"Regex": a regular expression})");
}

}  // namespace ascribo

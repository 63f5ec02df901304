// SPDX-License-Identifier: MIT
// Lists as people give them: names with commas between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// "a,,b" to "a", "" and "b"; of an empty text one empty part.
inline std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace ascribo

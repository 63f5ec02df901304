// SPDX-License-Identifier: MIT
// Reads whole numbers and nothing after them.
#include "ascribo/base/integer.h"

#include <charconv>

namespace ascribo {

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

}  // namespace ascribo

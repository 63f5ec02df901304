// SPDX-License-Identifier: MIT
// Reads whole numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ascribo {

/// The number that the whole of `text` is, in decimal digits after an optional '-'; nothing for
/// anything else, and for a number beyond 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace ascribo

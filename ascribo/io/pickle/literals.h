// SPDX-License-Identifier: MIT
// Numbers and strings as protocol 0 writes them, in lines of ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ascribo {

// Each is empty for a line that is not of its form (or holds more than 64 bits).

std::optional<std::int64_t> read_decimal(std::string_view line);     ///< "-12", "12L"
std::optional<double> read_decimal_number(std::string_view line);    ///< "1e-05", "inf"
std::optional<std::string> read_quoted(std::string_view line);       ///< 'as\x20Python\'s repr'
std::optional<std::string> read_raw_unicode(std::string_view line);  ///< Latin-1 with \u00e9

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace ascribo::cli {

/// 22713986 as "22,713,986".
std::string grouped(std::int64_t number);

/// Bytes in the unit that fits: "86.4 MB".
std::string bytes_text(std::int64_t bytes);

/// Seconds in the unit that fits, two digits: "0.8 ms", "12 s", "3.5 min", "2.0 h".
std::string time_text(double seconds);

}  // namespace ascribo::cli

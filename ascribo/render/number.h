// SPDX-License-Identifier: MIT
// Numbers as people read them; every renderer writes them alike.
#pragma once

#include <cstdint>
#include <string>

#include "ascribo/base/options.h"

namespace ascribo {

/// Digits after the point that give numbers of this size three significant digits; kScientific
/// where that would take too many zeros.
inline constexpr int kScientific = -1;
int decimals_for(double size);

/// "3.21"; never "-0.00"; "n/a" for what is not finite.
std::string plain_number(double value, int decimals);
/// The same with its sign: "+3.21".
std::string signed_number(double value, int decimals);
/// "99.8 %"; never rounded up to 100 % or down to 0 %.
std::string percent(double probability);
/// "1,600".
std::string grouped(std::int64_t count);
/// "20 ms", "1.4 s".
std::string duration(double seconds);
/// The value of an option as it is written on the command line.
std::string option_text(const OptionValue& value);

}  // namespace ascribo

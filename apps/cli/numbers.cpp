// SPDX-License-Identifier: MIT
// Writes numbers with separators and units.
#include "numbers.h"

#include <array>
#include <cstdio>

namespace ascribo::cli {
namespace {

std::string with_unit(double number, const char* unit) {
  std::array<char, 64> text{};
  const int decimals = number < 9.95 ? 1 : 0;
  std::snprintf(text.data(), text.size(), "%.*f %s", decimals, number, unit);
  return text.data();
}

}  // namespace

std::string grouped(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string bytes_text(std::int64_t bytes) {
  constexpr double kThousand = 1000;
  double number = static_cast<double>(bytes) / kThousand;
  for (const char* unit : {"kB", "MB"}) {
    if (number < kThousand) return with_unit(number, unit);
    number /= kThousand;
  }
  return with_unit(number, "GB");
}

std::string time_text(double seconds) {
  if (seconds < 1) return with_unit(seconds * 1000, "ms");
  if (seconds < 60) return with_unit(seconds, "s");
  if (seconds < 3600) return with_unit(seconds / 60, "min");
  return with_unit(seconds / 3600, "h");
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Rounds and groups digits.
#include "ascribo/render/number.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace ascribo {
namespace {

std::string formatted(const char* format, int decimals, double value) {
  char buffer[400];  // the longest double has 309 digits before the point
  const int length = std::snprintf(buffer, sizeof buffer, format, decimals, value);
  return {buffer, static_cast<std::size_t>(length)};
}

}  // namespace

int decimals_for(double size) {
  const double magnitude = std::fabs(size);
  if (!std::isfinite(magnitude) || magnitude == 0) return 2;
  if (magnitude < 1e-3 || magnitude >= 1e9) return kScientific;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(magnitude))), 1, 5);
}

std::string plain_number(double value, int decimals) {
  if (!std::isfinite(value)) return "n/a";
  if (value == 0) value = 0;  // drops the sign of -0.0
  if (decimals == kScientific) return value == 0 ? "0" : formatted("%.*e", 1, value);
  std::string text = formatted("%.*f", decimals, value);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text.front() == '-' ? text.substr(1) : text;
}

std::string signed_number(double value, int decimals) {
  std::string text = plain_number(value, decimals);
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  return zero || text.front() == '-' ? text : "+" + text;
}

std::string percent(double probability) {
  if (probability < 1 && probability >= 0.9995) return "> 99.9 %";
  if (probability > 0 && probability < 0.0005) return "< 0.1 %";
  return plain_number(100 * probability, 1) + " %";
}

std::string grouped(std::int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && digits[at - 1] != '-' && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string duration(double seconds) {
  if (seconds < 0.001) return "< 1 ms";
  if (seconds < 0.9995) return plain_number(seconds * 1000, 0) + " ms";
  return plain_number(seconds, seconds < 99.95 ? 1 : 0) + " s";
}

std::string option_text(const OptionValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", std::get<double>(value));
  return buffer;
}

}  // namespace ascribo

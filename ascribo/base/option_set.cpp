// SPDX-License-Identifier: MIT
// The texts of options: parsing, printing and what their errors say.
#include "ascribo/base/option_set.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"

namespace ascribo::detail {

namespace {

std::string given(std::string_view subject, std::string_view text) {
  const std::string value = "\"" + std::string(text) + "\"";
  return subject.empty() ? value : std::string(subject) + " is " + value;
}

[[noreturn]] void fail_value(std::string_view where, std::string_view subject,
                             std::string_view text, std::string_view expected,
                             std::string_view hint = {}) {
  fail(Code::kInvalidArgument, where, given(subject, text), expected, hint);
}

/// The number that the whole of `text` spells.
template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  bool& value) {
  if (text == "yes" || text == "true" || text == "1")
    value = true;
  else if (text == "no" || text == "false" || text == "0")
    value = false;
  else
    fail_value(where, subject, text, "expected yes or no");
}

void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  std::int64_t& value) {
  const auto number = whole_number<std::int64_t>(text);
  if (!number) fail_value(where, subject, text, "expected a whole number");
  value = *number;
}

void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  std::uint64_t& value) {
  const auto number = whole_number<std::uint64_t>(text);
  if (!number) fail_value(where, subject, text, "expected a whole number from 0 to 2^64 - 1");
  value = *number;
}

void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  double& value) {
  const auto number = whole_number<double>(text);
  if (!number || !std::isfinite(*number)) fail_value(where, subject, text, "expected a number");
  value = *number;
}

void parse_option(std::string_view, std::string_view, std::string_view text, std::string& value) {
  value = text;
}

void parse_option(std::string_view, std::string_view, std::string_view text,
                  std::vector<std::string>& value) {
  value.clear();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(kListSeparator), text.size());
    value.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::size_t parse_choice(std::string_view where, std::string_view subject, std::string_view text,
                         const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return i;
  }
  fail_value(where, subject, text, "expected " + listed(names, "or"), nearest_hint(text, names));
}

OptionValue report_option(bool value) { return value; }
OptionValue report_option(std::int64_t value) { return value; }
OptionValue report_option(double value) { return value; }
OptionValue report_option(const std::string& value) { return value; }

OptionValue report_option(std::uint64_t value) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value > kLargest) return std::to_string(value);
  return static_cast<std::int64_t>(value);
}

OptionValue report_option(const std::vector<std::string>& value) {
  std::string text;
  for (const std::string& entry : value) {
    if (!text.empty()) text += ",";
    text += entry;
  }
  return text;
}

std::string option_text(const OptionValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const double* number = std::get_if<double>(&value)) {
    char digits[32];
    const auto written = std::to_chars(std::begin(digits), std::end(digits), *number);
    return {digits, written.ptr};
  }
  return std::get<std::string>(value);
}

void fail_unknown_option(std::string_view where, std::string_view name,
                         const std::vector<std::string>& names) {
  fail(Code::kUnknownName, where, "there is no option \"" + std::string(name) + "\"",
       names.empty() ? "expected no options" : "expected one of " + listed(names, "or"),
       nearest_hint(name, names));
}

void fail_check(std::string_view where, std::string_view name, std::string_view text,
                std::string_view expected) {
  fail_value(where, name, text, expected);
}

}  // namespace ascribo::detail

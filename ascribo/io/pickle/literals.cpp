// SPDX-License-Identifier: MIT
// Python's literals, as pickles spell them.
#include "ascribo/io/pickle/literals.h"

#include <charconv>
#include <system_error>

#include "ascribo/base/utf8.h"

namespace ascribo {
namespace {

template <class T, class... Options>
std::optional<T> parse(std::string_view text, Options... options) {
  T value{};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, options...);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The code that `digits` hexadecimal digits at `at` give; moves `at` behind them.
std::optional<std::uint32_t> hexadecimal(std::string_view text, std::size_t& at,
                                         std::size_t digits) {
  if (text.size() - at < digits) return std::nullopt;
  const auto value = parse<std::uint32_t>(text.substr(at, digits), 16);
  at += digits;
  return value;
}

/// Up to three octal digits at `at`; moves `at` behind them.
char octal(std::string_view text, std::size_t& at) {
  unsigned value = 0;
  for (int i = 0; i < 3 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i, ++at) {
    value = value * 8 + static_cast<unsigned>(text[at] - '0');
  }
  return static_cast<char>(value);
}

}  // namespace

std::optional<std::int64_t> read_decimal(std::string_view line) {
  if (line.ends_with('L')) line.remove_suffix(1);
  if (line.starts_with('+')) line.remove_prefix(1);
  return parse<std::int64_t>(line);
}

std::optional<double> read_decimal_number(std::string_view line) {
  if (line.starts_with('+')) line.remove_prefix(1);
  return parse<double>(line);
}

std::optional<std::string> read_quoted(std::string_view line) {
  if (line.size() < 2 || line.front() != line.back()) return std::nullopt;
  if (line.front() != '\'' && line.front() != '"') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    const char c = line[at++];
    if (c != '\\') {
      text += c;
      continue;
    }
    if (at == line.size()) return std::nullopt;
    const char escaped = line[at++];
    constexpr std::string_view kNames = "abtnvfr\\'\"";
    constexpr std::string_view kMeant = "\a\b\t\n\v\f\r\\'\"";
    if (const auto known = kNames.find(escaped); known != std::string_view::npos) {
      text += kMeant[known];
    } else if (escaped == 'x') {
      const auto code = hexadecimal(line, at, 2);
      if (!code) return std::nullopt;
      text += static_cast<char>(*code);
    } else if (escaped >= '0' && escaped <= '7') {
      text += octal(line, --at);
    } else {
      text.append({'\\', escaped});
    }
  }
  return text;
}

std::optional<std::string> read_raw_unicode(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    const char c = line[at++];
    const char kind = c == '\\' && at < line.size() ? line[at] : '\0';
    if (kind != 'u' && kind != 'U') {
      append_utf8(text, static_cast<unsigned char>(c));
      continue;
    }
    const auto code = hexadecimal(line, ++at, kind == 'u' ? 4 : 8);
    if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) return std::nullopt;
    append_utf8(text, static_cast<char32_t>(*code));
  }
  return text;
}

}  // namespace ascribo

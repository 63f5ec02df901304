// SPDX-License-Identifier: MIT
// Decodes, checks and slices UTF-8.
#include "ascribo/base/utf8.h"

#include <cstring>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"

namespace ascribo {

namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// The first byte at or after `at` that is not ASCII.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  while (at + 8 <= text.size()) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & kHighBits) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

struct Decoded {
  char32_t value = 0;
  std::size_t length = 0;  // 0: not valid
};

/// Bytes of a sequence, value bits of its first byte and the least value that needs that length.
struct Form {
  std::size_t length;
  char32_t bits, least;
};

Form form_of(unsigned char first) {
  if (first < 0x80) return {1, first, 0};
  if (first >= 0xC2 && first < 0xE0) return {2, first & 0x1FU, 0x80};
  if (first >= 0xE0 && first < 0xF0) return {3, first & 0x0FU, 0x800};
  if (first >= 0xF0 && first < 0xF5) return {4, first & 0x07U, 0x10000};
  return {0, 0, 0};
}

Decoded decode_one(std::string_view text, std::size_t at) {
  const Form form = form_of(static_cast<unsigned char>(text[at]));
  if (form.length == 0 || at + form.length > text.size()) return {};
  char32_t value = form.bits;
  for (std::size_t i = 1; i < form.length; ++i) {
    if (!is_continuation(text[at + i])) return {};
    value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < form.least || value > 0x10FFFF || surrogate) return {};
  return {value, form.length};
}

/// How many of the bytes at `at`, which are no code point, could have begun one: at least 1.
std::size_t broken_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t whole = form_of(first).length;
  // After some first bytes not every continuation may be second (Unicode table 3-7).
  const int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  std::size_t length = 1;
  for (; length < whole && at + length < text.size(); ++length) {
    const auto next = static_cast<unsigned char>(text[at + length]);
    if (next < (length == 1 ? lowest : 0x80) || next > (length == 1 ? highest : 0xBF)) break;
  }
  return length;
}

[[noreturn]] void fail_invalid(std::string_view where, std::size_t byte) {
  fail(Code::kBadText, where, "byte " + std::to_string(byte) + " is not valid UTF-8",
       "expected UTF-8 text", "convert it, e.g. with iconv -t UTF-8");
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const Decoded decoded = decode_one(text, at);
    if (decoded.length == 0) return at;
    at += decoded.length;
  }
  return std::nullopt;
}

std::vector<CodePoint> decode_utf8(std::string_view text, std::string_view where) {
  std::vector<CodePoint> result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    if (decoded.length == 0) fail_invalid(where, at);
    result.push_back({decoded.value, at});
    at += decoded.length;
  }
  return result;
}

void append_utf8(std::string& text, char32_t code_point) {
  ASCRIBO_ASSERT(code_point <= 0x10FFFF);
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  const auto tail = [&](int shift) { put(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    put(0xF0 | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::int64_t count_code_points(std::string_view text) {
  std::int64_t count = 0;
  for (const char byte : text) count += is_continuation(byte) ? 0 : 1;
  return count;
}

std::string_view slice_code_points(std::string_view text, std::int64_t begin, std::int64_t end) {
  ASCRIBO_ASSERT(begin >= 0 && begin <= end);
  std::size_t at = 0;
  const auto advance = [&](std::int64_t count) {
    while (count > 0 && at < text.size()) {
      ++at;
      while (at < text.size() && is_continuation(text[at])) ++at;
      --count;
    }
    return at;
  };
  const std::size_t first = advance(begin);
  return text.substr(first, advance(end - begin) - first);
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const std::size_t good = find_invalid_utf8(rest).value_or(rest.size());
    valid += rest.substr(0, good);
    at += good;
    if (at == text.size()) break;
    append_utf8(valid, 0xFFFD);
    at += broken_length(text, at);
  }
  return valid;
}

void require_utf8(std::string_view text, std::string_view where) {
  if (const auto byte = find_invalid_utf8(text)) fail_invalid(where, *byte);
}

}  // namespace ascribo

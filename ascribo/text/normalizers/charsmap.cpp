// SPDX-License-Identifier: MIT
// Walks the double array of darts-clone.
#include "ascribo/text/normalizers/charsmap.h"

#include <cstring>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"

namespace ascribo {
namespace {

// A unit is a node or, with the highest bit set, a value. A node holds the byte that leads to it
// (bits 0 to 7), whether the text so far has a value (bit 8), and the way to its children: their
// place is its own, XOR this offset, XOR their byte; the value's is that of byte 0.
bool is_value(std::uint32_t unit) { return (unit >> 31) != 0; }
std::uint32_t value_of(std::uint32_t unit) { return unit & 0x7FFFFFFF; }
bool has_value(std::uint32_t unit) { return ((unit >> 8) & 1) != 0; }
std::uint32_t label_of(std::uint32_t unit) { return unit & 0x800000FF; }
std::size_t offset_of(std::uint32_t unit) {
  return static_cast<std::size_t>(unit >> 10) << ((unit & 0x200) >> 6);
}

std::uint32_t read_32_bits(const char* from) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(from[i]);
  return value;
}

[[noreturn]] void fail_map(std::string_view where, const std::string& given) {
  fail(Code::kBadFile, where, "precompiled_charsmap " + given,
       "expected a map as sentencepiece writes it");
}

}  // namespace

Charsmap::Charsmap(std::string bytes, std::string_view where) : bytes_(std::move(bytes)) {
  if (bytes_.size() < 4) fail_map(where, "is cut off");
  const std::size_t size = read_32_bits(bytes_.data());
  if (size == 0 || size % 4 != 0 || size > bytes_.size() - 4) {
    fail_map(where, "says that " + std::to_string(size) + " of its " +
                        std::to_string(bytes_.size()) + " bytes are a trie");
  }
  units_.reserve(size / 4);
  for (std::size_t i = 0; i < size; i += 4) units_.push_back(read_32_bits(&bytes_[4 + i]));
  replacements_ = std::string_view(bytes_).substr(4 + size);
  if (find_invalid_utf8(replacements_)) fail_map(where, "has a replacement that is not UTF-8");
  // Every place is checked here, so that a look-up needs to watch only for the end of the array.
  for (std::size_t i = 0; i < units_.size(); ++i) {
    if (is_value(units_[i])) continue;
    const std::size_t children = i ^ offset_of(units_[i]);
    if (children >= units_.size()) fail_map(where, "points outside of its trie");
    if (!has_value(units_[i])) continue;
    const std::size_t at = value_of(units_[children]);
    if (at >= replacements_.size() ||
        (static_cast<unsigned char>(replacements_[at]) & 0xC0) == 0x80) {
      fail_map(where, "points outside of its replacements");
    }
  }
}

std::optional<std::string_view> Charsmap::find(std::string_view utf8) const {
  std::size_t at = offset_of(units_[0]);
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0) return {};
    at ^= byte;
    if (at >= units_.size() || label_of(units_[at]) != byte) return {};
    const std::uint32_t unit = units_[at];
    at ^= offset_of(unit);
    if (has_value(unit)) {
      const std::string_view rest = replacements_.substr(value_of(units_[at]));
      return rest.substr(0, rest.find('\0'));
    }
  }
  return {};
}

}  // namespace ascribo

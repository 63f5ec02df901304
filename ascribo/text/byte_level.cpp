// SPDX-License-Identifier: MIT
// The alphabet, there and back, and what its spaces do to offsets.
#include "ascribo/text/byte_level.h"

#include <algorithm>
#include <array>
#include <vector>

#include "ascribo/base/utf8.h"
#include "ascribo/text/character_classes.h"

namespace ascribo {
namespace {

constexpr bool is_visible(std::size_t byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr std::array<char32_t, 256> make_characters() {
  std::array<char32_t, 256> characters = {};
  char32_t next = 0x100;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    characters[byte] = is_visible(byte) ? static_cast<char32_t>(byte) : next++;
  }
  return characters;
}

constexpr std::array<char32_t, 256> kCharacters = make_characters();
constexpr char32_t kEnd = 0x144;  // one past the last character that stands for a byte

constexpr std::array<std::int16_t, kEnd> make_bytes() {
  std::array<std::int16_t, kEnd> bytes = {};
  for (std::int16_t& byte : bytes) byte = -1;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    bytes[kCharacters[byte]] = static_cast<std::int16_t>(byte);
  }
  return bytes;
}

constexpr std::array<std::int16_t, kEnd> kBytes = make_bytes();

bool is_space(char32_t c) { return c == kCharacters[' '] || is_white_space(c); }

}  // namespace

char32_t byte_level_character(std::uint8_t byte) { return kCharacters[byte]; }

std::optional<std::uint8_t> byte_level_byte(char32_t character) {
  if (character >= kEnd || kBytes[character] < 0) return {};
  return static_cast<std::uint8_t>(kBytes[character]);
}

void to_byte_level(NormalizedText& text) {
  std::vector<NormalizedText::Edit> edits;
  edits.reserve(2 * text.size());
  std::string utf8;
  for (const NormalizedChar& c : text.chars()) {
    utf8.clear();
    append_utf8(utf8, c.code);
    for (std::size_t i = 0; i < utf8.size(); ++i) {
      edits.push_back({kCharacters[static_cast<std::uint8_t>(utf8[i])], i > 0});
    }
  }
  text.rewrite(edits);
}

void trim_offsets(Encoding& encoding, bool add_prefix_space) {
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const std::vector<CodePoint> token = decode_utf8(encoding.tokens[i], "token");
    const auto is_word = [](const CodePoint& c) { return !is_space(c.value); };
    auto leading = std::find_if(token.begin(), token.end(), is_word) - token.begin();
    const auto trailing = std::find_if(token.rbegin(), token.rend(), is_word) - token.rbegin();
    auto& [start, end] = encoding.offsets[i];
    if (leading == 1 && add_prefix_space && (i == 0 || start == 0)) leading = 0;
    start = std::min<std::int64_t>(start + leading, end);
    if (end >= trailing) end = std::max<std::int64_t>(end - trailing, start);
  }
}

}  // namespace ascribo

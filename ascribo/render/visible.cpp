// SPDX-License-Identifier: MIT
// Replaces what a terminal would obey by what a reader can see.
#include "ascribo/render/visible.h"

#include <utf8proc.h>

#include <cstdio>

#include "ascribo/base/utf8.h"

namespace ascribo {
namespace {

// Embeddings, overrides and isolates: they let a text show other words than it holds.
bool reorders(char32_t value) {
  return (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
}

}  // namespace

Decoded decode_first(std::string_view text) {
  utf8proc_int32_t value = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (length < 1) return {U'\uFFFD', 1};
  return {static_cast<char32_t>(value), static_cast<std::size_t>(length)};
}

std::string visible(std::string_view text, Newlines newlines) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Decoded point = decode_first(text);
    text.remove_prefix(point.length);
    const bool kept_newline = point.value == U'\n' && newlines == Newlines::kKeep;
    if (point.value < 0x20 && !kept_newline) {
      append_utf8(shown, 0x2400 + point.value);
    } else if (point.value == 0x7F) {
      append_utf8(shown, 0x2421);
    } else if ((point.value >= 0x80 && point.value < 0xA0) || reorders(point.value)) {
      char name[16];
      std::snprintf(name, sizeof name, "<U+%04X>", static_cast<unsigned>(point.value));
      shown += name;
    } else {
      append_utf8(shown, point.value);
    }
  }
  return shown;
}

}  // namespace ascribo

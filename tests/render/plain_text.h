// SPDX-License-Identifier: MIT
// What a reader sees of an output: without escape sequences, or without markup.
#pragma once

#include <regex>
#include <string>

namespace ascribo {

inline std::string without_escapes(const std::string& text) {
  return std::regex_replace(text, std::regex("\x1b\\[[0-9;]*m"), "");
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The text content of a piece of HTML.
inline std::string without_tags(const std::string& html) {
  std::string text;
  bool inside = false;
  for (char letter : html) {
    if (letter == '<') inside = true;
    if (!inside) text += letter;
    if (letter == '>') inside = false;
  }
  text = replaced(replaced(replaced(text, "&lt;", "<"), "&gt;", ">"), "&quot;", "\"");
  return replaced(replaced(text, "&#39;", "'"), "&amp;", "&");
}

/// What stands between `open` and the next `close` after it; empty when `open` is not there.
inline std::string between(const std::string& text, const std::string& open,
                           const std::string& close) {
  const std::size_t start = text.find(open);
  if (start == std::string::npos) return {};
  const std::size_t from = start + open.size();
  return text.substr(from, text.find(close, from) - from);
}

}  // namespace ascribo

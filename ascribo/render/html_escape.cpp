// SPDX-License-Identifier: MIT
// Escapes by context: element content, script data, policy.
#include "ascribo/render/html_escape.h"

#include <algorithm>

#include "ascribo/base/sha256.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

unsigned hex_digit(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/// Base64 of a digest in hex: 6 hex digits are 4 letters.
std::string base64_of_hex(std::string_view hex) {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < hex.size(); at += 6) {
    unsigned bits = 0;
    for (std::size_t place = 0; place < 6; ++place) {
      bits = bits << 4 | (at + place < hex.size() ? hex_digit(hex[at + place]) : 0U);
    }
    const std::size_t bytes = std::min<std::size_t>(3, (hex.size() - at) / 2);
    for (std::size_t letter = 0; letter < 4; ++letter) {
      text += letter <= bytes ? kLetters[bits >> (18 - 6 * letter) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size() + text.size() / 8);
  for (char letter : visible(text, Newlines::kKeep)) {
    switch (letter) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += letter;
    }
  }
  return safe;
}

std::string escape_script_json(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t at = 0; at < json.size(); ++at) {
    const std::string_view rest = json.substr(at);
    if (rest.front() == '<') {
      safe += "\\u003c";
    } else if (rest.front() == '>') {
      safe += "\\u003e";
    } else if (rest.front() == '&') {
      safe += "\\u0026";
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      safe += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else {
      safe += rest.front();
    }
  }
  return safe;
}

std::string policy_hash(std::string_view content) {
  return "'sha256-" + base64_of_hex(Sha256().update(content).hex()) + "'";
}

}  // namespace ascribo

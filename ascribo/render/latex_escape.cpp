// SPDX-License-Identifier: MIT
// Knows the ten characters of plain TeX that mean something, and the ligatures.
#include "ascribo/render/latex_escape.h"

#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

std::string_view command_for(char letter) {
  switch (letter) {
    case '\\': return "\\textbackslash{}";
    case '{': return "\\{";
    case '}': return "\\}";
    case '$': return "\\$";
    case '&': return "\\&";
    case '#': return "\\#";
    case '%': return "\\%";
    case '_': return "\\_";
    case '^': return "\\textasciicircum{}";
    case '~': return "\\textasciitilde{}";
    case '<': return "\\textless{}";
    case '>': return "\\textgreater{}";
    case '|': return "\\textbar{}";
    case '-': return "-{}";
    case '\'': return "'{}";
    case '`': return "`{}";
    case ',': return ",{}";
    case '?': return "?{}";
    case '!': return "!{}";
    case '\n': return "\\newline ";
    default: return {};
  }
}

}  // namespace

std::string escape_latex(std::string_view text) {
  const std::string shown = visible(text, Newlines::kKeep);
  std::string safe;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    const char letter = shown[at];
    const bool edge = at == 0 || at + 1 == shown.size() || shown[at - 1] == ' ' ||
                      shown[at - 1] == '\n' || shown[at + 1] == '\n';
    const std::string_view command = letter == ' ' && edge ? "\\ " : command_for(letter);
    if (command.empty()) {
      safe += letter;
    } else {
      safe += command;
    }
  }
  return safe;
}

}  // namespace ascribo

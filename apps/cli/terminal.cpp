// SPDX-License-Identifier: MIT
// Asks the operating system and the environment about a terminal.
#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace ascribo::cli {
namespace {

constexpr int kDefaultWidth = 80;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

ColorDepth depth_of_terminal() {
  const std::string colorterm = environment("COLORTERM");
  if (colorterm == "truecolor" || colorterm == "24bit") return ColorDepth::k24Bit;
  const std::string term = environment("TERM");
  if (ends_with(term, "-direct")) return ColorDepth::k24Bit;
  const bool plain = term.empty() || term == "dumb" || term.rfind("vt", 0) == 0;
  // Every other terminal in use understands 256 colours, also where its name does not say so.
  return plain ? ColorDepth::kNone : ColorDepth::k256;
}

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int terminal_width(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const int columns = std::atoi(environment("COLUMNS").c_str());
  return columns > 0 ? columns : kDefaultWidth;
}

ColorDepth color_depth(ColorChoice choice, bool terminal) {
  if (choice == ColorChoice::kNever) return ColorDepth::kNone;
  if (choice == ColorChoice::kAlways) {
    const ColorDepth depth = depth_of_terminal();
    return depth == ColorDepth::kNone ? ColorDepth::k256 : depth;
  }
  if (!terminal || !environment("NO_COLOR").empty()) return ColorDepth::kNone;
  return depth_of_terminal();
}

Ground terminal_ground() {
  // "foreground;background" as numbers of the 16 basic colours; 7 and 15 are white.
  const std::string colors = environment("COLORFGBG");
  const std::string background = colors.substr(colors.find_last_of(';') + 1);
  return background == "7" || background == "15" ? Ground::kLight : Ground::kDark;
}

}  // namespace ascribo::cli

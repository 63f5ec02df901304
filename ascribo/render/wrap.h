// SPDX-License-Identifier: MIT
// Breaks styled text into terminal lines by the width it has on screen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// Collects text and styles, then lays them out. Lines break after spaces, around wide characters
/// and, where a word is longer than a line, between characters. Nothing is dropped: without the
/// line breaks and indents that were put in, the lines are the text.
class LineWrapper {
 public:
  /// `width` counts terminal columns, `indent` stands before every line and counts too.
  LineWrapper(int width, std::string_view indent);

  /// `style` is an escape sequence that ends with the text, or nothing. The text is made visible
  /// first (see visible()); newlines in it stay.
  void add(std::string_view text, std::string_view style = {});
  /// The lines, each with its newline; no line for no text.
  std::string str() const;

 private:
  struct Cell {
    std::string text;  // one grapheme
    int width;
    std::size_t style;  // index in styles_
    bool space, newline;
  };
  std::size_t line_end(std::size_t begin) const;
  void append_line(std::size_t begin, std::size_t end, std::string& out) const;

  int width_;
  std::string indent_;
  std::vector<std::string> styles_;
  std::vector<Cell> cells_;
};

/// Columns that printable text takes on a terminal.
int display_width(std::string_view text);

}  // namespace ascribo

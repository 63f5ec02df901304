// SPDX-License-Identifier: MIT
// The elements of a standalone SVG picture.
#pragma once

#include <string>
#include <string_view>

#include "ascribo/render/renderer.h"

namespace ascribo {

enum class Anchor { kStart, kMiddle, kEnd };

/// How a piece of text looks.
struct Font {
  double size = 13;
  std::string_view color = "#15171b";
  bool bold = false;
  Anchor anchor = Anchor::kStart;
  bool upright = true;  ///< false: turned by a quarter to the left, to be read from below
};

inline constexpr std::string_view kMuted = "#62656d";

/// Draws on white ground, in pixels from the top left corner, and grows as needed. Not safe for
/// concurrent use.
class Canvas {
 public:
  explicit Canvas(Palette palette) : palette_(palette) {}

  void rectangle(double x, double y, double width, double height, std::string_view fill,
                 double radius = 0);
  /// A cell or a mark in the colour of a level (see color_level); nothing for level 0.
  void shade(double x, double y, double width, double height, int level, double radius = 0);
  /// `y` is the baseline. The text is made visible and escaped; set to exactly the width that
  /// text_width() tells, whatever font a viewer has.
  void text(double x, double y, std::string_view text, const Font& font = {});
  /// A line, straight or as a gentle curve between columns.
  void line(double x1, double y1, double x2, double y2, double width, std::string_view color,
            double opacity = 1);
  /// The colour of text on a level.
  std::string ink(int level) const;
  std::string color(int level) const;

  /// The whole document; its title is read by screen readers.
  std::string str(std::string_view title) const;

 private:
  void reach(double x, double y);

  Palette palette_;
  std::string body_;
  double width_ = 0, height_ = 0;
};

}  // namespace ascribo

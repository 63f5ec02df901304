// SPDX-License-Identifier: MIT
// The colours of scores, the same in the terminal and in HTML.
#pragma once

#include <cstdint>
#include <string>

#include "ascribo/render/renderer.h"

namespace ascribo {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Rgb&) const = default;
};

/// A background and a foreground that can be read on it (contrast 4.5 or more, as WCAG AA asks).
struct Shade {
  Rgb background, foreground;
};

/// Strength is shown in this many steps; level 0 has no colour.
inline constexpr int kLevels = 16;

/// The signed step of a score: 0 for none (also NaN), kLevels for the strongest. `strongest` is
/// the largest |score| shown.
int color_level(double score, double strongest);

/// The colours of a level other than 0, between -kLevels and kLevels. The higher the level, the
/// further it is from the ground it lies on.
Shade score_shade(Palette palette, Ground ground, int level);

/// The same for 256-colour terminals, in four steps: entries 16 to 231, the colour cube.
struct Shade256 {
  int background, foreground;
};
Shade256 score_shade_256(Palette palette, Ground ground, int level);
/// What entry 16 to 231 looks like.
Rgb color_of_256(int index);

/// "12824a", red first.
std::string hex(Rgb color);

/// WCAG 2 contrast ratio, 1 to 21.
double contrast(Rgb a, Rgb b);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Colour scales, mixed in OKLab (Ottosson 2020) so that equal steps look equal.
#include "ascribo/render/color.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

struct Lab {
  double lightness, a, b;
};

double to_linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

std::uint8_t from_linear(double value) {
  const double clipped = std::clamp(value, 0.0, 1.0);
  const double encoded =
      clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * std::pow(clipped, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(encoded * 255));
}

Lab to_lab(Rgb color) {
  const double r = to_linear(color.red), g = to_linear(color.green), b = to_linear(color.blue);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Rgb from_lab(Lab lab) {
  const auto cube = [](double value) { return value * value * value; };
  const double l = cube(lab.lightness + 0.3963377774 * lab.a + 0.2158037573 * lab.b);
  const double m = cube(lab.lightness - 0.1055613458 * lab.a - 0.0638541728 * lab.b);
  const double s = cube(lab.lightness - 0.0894841775 * lab.a - 1.2914855480 * lab.b);
  return {from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

double luminance(Rgb color) {
  return 0.2126 * to_linear(color.red) + 0.7152 * to_linear(color.green) +
         0.0722 * to_linear(color.blue);
}

// What the strongest score looks like. On a dark ground the colours are deep enough for white
// letters, on a light one bright enough for black, so that the letters never change colour midway.
Rgb strongest_color(Palette palette, Ground ground, bool toward) {
  const bool dark = ground == Ground::kDark;
  if (palette == Palette::kGreenRed) {
    if (toward) return dark ? Rgb{18, 130, 74} : Rgb{92, 205, 138};
    return dark ? Rgb{196, 48, 60} : Rgb{255, 128, 124};
  }
  if (toward) return dark ? Rgb{28, 112, 196} : Rgb{112, 178, 250};
  return dark ? Rgb{168, 88, 0} : Rgb{255, 168, 70};
}

constexpr Rgb kLightGround{255, 255, 255}, kDarkGround{27, 29, 34};
constexpr Rgb kDarkInk{16, 18, 22}, kLightInk{255, 255, 255};

Rgb readable_on(Rgb background) {
  return contrast(kDarkInk, background) >= contrast(kLightInk, background) ? kDarkInk : kLightInk;
}

constexpr std::array<std::uint8_t, 6> kCubeSteps{0, 95, 135, 175, 215, 255};

// Chosen by eye: the cube is too coarse for the nearest entry to keep both hue and order.
using Steps = std::array<int, 4>;
Steps steps_256(Palette palette, Ground ground, bool toward) {
  const bool dark = ground == Ground::kDark;
  if (palette == Palette::kGreenRed) {
    if (toward) return dark ? Steps{22, 28, 34, 40} : Steps{194, 157, 120, 77};
    return dark ? Steps{52, 88, 124, 160} : Steps{224, 217, 210, 203};
  }
  if (toward) return dark ? Steps{17, 24, 25, 32} : Steps{189, 153, 111, 75};
  return dark ? Steps{94, 130, 166, 208} : Steps{223, 222, 215, 208};
}

}  // namespace

int color_level(double score, double strongest) {
  if (!std::isfinite(score) || !(strongest > 0)) return 0;
  const double strength = std::min(1.0, std::fabs(score) / strongest);
  const int level = static_cast<int>(std::lround(strength * kLevels));
  return score < 0 ? -level : level;
}

Shade score_shade(Palette palette, Ground ground, int level) {
  ASCRIBO_ASSERT(level != 0 && level >= -kLevels && level <= kLevels);
  const Lab from = to_lab(ground == Ground::kDark ? kDarkGround : kLightGround);
  const Lab to = to_lab(strongest_color(palette, ground, level > 0));
  const double part = static_cast<double>(std::abs(level)) / kLevels;
  const double t = 0.1 + 0.9 * part;  // the weakest step is still seen
  const Rgb background = from_lab({from.lightness + t * (to.lightness - from.lightness),
                                   from.a + t * (to.a - from.a), from.b + t * (to.b - from.b)});
  return {background, readable_on(background)};
}

Rgb color_of_256(int index) {
  ASCRIBO_ASSERT(index >= 16 && index <= 231);
  const auto cube = static_cast<std::size_t>(index - 16);
  return {kCubeSteps[cube / 36], kCubeSteps[cube / 6 % 6], kCubeSteps[cube % 6]};
}

Shade256 score_shade_256(Palette palette, Ground ground, int level) {
  ASCRIBO_ASSERT(level != 0 && level >= -kLevels && level <= kLevels);
  const Steps steps = steps_256(palette, ground, level > 0);
  const auto step = static_cast<std::size_t>(std::abs(level) - 1) * steps.size() / kLevels;
  const int background = steps[step];
  return {background, readable_on(color_of_256(background)) == kDarkInk ? 16 : 231};
}

std::string hex(Rgb color) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned channel : {color.red, color.green, color.blue}) {
    text += kDigits[channel >> 4];
    text += kDigits[channel & 15U];
  }
  return text;
}

double contrast(Rgb a, Rgb b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace ascribo

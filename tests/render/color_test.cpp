// SPDX-License-Identifier: MIT
// The colour scale: signs, order, and letters that can be read on it.
#include "ascribo/render/color.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tuple>

namespace ascribo {
namespace {

// Distance of 8-bit colours, enough to compare neighbours of one scale.
double distance(Rgb a, Rgb b) {
  return std::hypot(a.red - b.red, a.green - b.green, a.blue - b.blue);
}

class Scale : public testing::TestWithParam<std::tuple<Palette, Ground, int>> {
 protected:
  Palette palette() const { return std::get<0>(GetParam()); }
  Ground ground() const { return std::get<1>(GetParam()); }
  int sign() const { return std::get<2>(GetParam()); }
};

TEST_P(Scale, letters_are_readable_on_every_level) {
  for (int level = 1; level <= kLevels; ++level) {
    const Shade shade = score_shade(palette(), ground(), sign() * level);
    EXPECT_GE(contrast(shade.background, shade.foreground), 4.5) << level;
    const Shade256 indexed = score_shade_256(palette(), ground(), sign() * level);
    EXPECT_GE(contrast(color_of_256(indexed.background), color_of_256(indexed.foreground)), 4.5);
  }
}

TEST_P(Scale, every_level_is_further_from_the_ground) {
  const Rgb ground_color = ground() == Ground::kDark ? Rgb{27, 29, 34} : Rgb{255, 255, 255};
  double before = 0;
  for (int level = 1; level <= kLevels; ++level) {
    const Shade shade = score_shade(palette(), ground(), sign() * level);
    const double now = distance(shade.background, ground_color);
    EXPECT_GT(now, before) << level;
    before = now;
  }
}

TEST_P(Scale, the_hue_tells_the_sign_in_256_colours_too) {
  for (int level = 1; level <= kLevels; ++level) {
    const Rgb color = color_of_256(score_shade_256(palette(), ground(), sign() * level).background);
    if (palette() == Palette::kGreenRed) {
      EXPECT_TRUE(sign() > 0 ? color.green > color.red : color.red > color.green) << level;
    } else {
      EXPECT_TRUE(sign() > 0 ? color.blue > color.red : color.red > color.blue) << level;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Scale,
                         testing::Combine(testing::Values(Palette::kGreenRed, Palette::kBlueOrange),
                                          testing::Values(Ground::kDark, Ground::kLight),
                                          testing::Values(1, -1)));

TEST(ColorLevel, grows_with_the_share_of_the_strongest) {
  EXPECT_EQ(color_level(2.0, 2.0), kLevels);
  EXPECT_EQ(color_level(-2.0, 2.0), -kLevels);
  EXPECT_EQ(color_level(1.0, 2.0), kLevels / 2);
  EXPECT_EQ(color_level(0.01, 2.0), 0);
  EXPECT_EQ(color_level(9.0, 2.0), kLevels);
}

TEST(ColorLevel, is_none_without_a_score) {
  EXPECT_EQ(color_level(0.0, 0.0), 0);
  EXPECT_EQ(color_level(std::numeric_limits<double>::quiet_NaN(), 2.0), 0);
  EXPECT_EQ(color_level(std::numeric_limits<double>::infinity(), 2.0), 0);
}

// The cube of xterm: 16 + 36 r + 6 g + b with steps 0, 95, 135, 175, 215, 255.
TEST(Colors256, are_those_of_the_cube) {
  EXPECT_EQ(color_of_256(16), (Rgb{0, 0, 0}));
  EXPECT_EQ(color_of_256(196), (Rgb{255, 0, 0}));
  EXPECT_EQ(color_of_256(67), (Rgb{95, 135, 175}));
  EXPECT_EQ(color_of_256(231), (Rgb{255, 255, 255}));
}

TEST(Contrast, is_that_of_the_guidelines) {
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21.0, 1e-9);
  EXPECT_NEAR(contrast({119, 119, 119}, {255, 255, 255}), 4.48, 0.01);
}

}  // namespace
}  // namespace ascribo

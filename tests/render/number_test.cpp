// SPDX-License-Identifier: MIT
// Numbers for people: few digits, honest at the edges.
#include "ascribo/render/number.h"

#include <gtest/gtest.h>

#include <limits>

namespace ascribo {
namespace {

TEST(Numbers, have_three_significant_digits) {
  EXPECT_EQ(decimals_for(3.2), 2);
  EXPECT_EQ(decimals_for(-0.42), 3);
  EXPECT_EQ(decimals_for(123.4), 1);
  EXPECT_EQ(decimals_for(0), 2);
  EXPECT_EQ(decimals_for(4e-6), kScientific);
  EXPECT_EQ(decimals_for(std::numeric_limits<double>::quiet_NaN()), 2);
}

TEST(Numbers, show_their_sign) {
  EXPECT_EQ(signed_number(0.42, 2), "+0.42");
  EXPECT_EQ(signed_number(-0.42, 2), "-0.42");
  EXPECT_EQ(signed_number(-0.001, 2), "0.00");
  EXPECT_EQ(signed_number(0.001, 2), "0.00");
  EXPECT_EQ(signed_number(0.00012, kScientific), "+1.2e-04");
}

TEST(Numbers, that_are_none_say_so) {
  EXPECT_EQ(plain_number(std::numeric_limits<double>::quiet_NaN(), 2), "n/a");
  EXPECT_EQ(plain_number(-std::numeric_limits<double>::infinity(), 2), "n/a");
  EXPECT_EQ(plain_number(-0.0, 2), "0.00");
  EXPECT_EQ(plain_number(-0.0, kScientific), "0");
}

TEST(Numbers, of_any_size_fit) {
  EXPECT_EQ(plain_number(std::numeric_limits<double>::max(), 1).size(), 311U);
  EXPECT_EQ(plain_number(1.0, kScientific), "1.0e+00");
}

TEST(Percent, is_never_rounded_to_certainty) {
  EXPECT_EQ(percent(0.998), "99.8 %");
  EXPECT_EQ(percent(0.99999), "> 99.9 %");
  EXPECT_EQ(percent(1.0), "100.0 %");
  EXPECT_EQ(percent(1e-5), "< 0.1 %");
  EXPECT_EQ(percent(0.0), "0.0 %");
}

TEST(Grouped, has_a_comma_every_three_digits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1600), "1,600");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
}

TEST(Duration, picks_its_unit) {
  EXPECT_EQ(duration(0.0002), "< 1 ms");
  EXPECT_EQ(duration(0.0213), "21 ms");
  EXPECT_EQ(duration(0.9996), "1.0 s");
  EXPECT_EQ(duration(72.4), "72.4 s");
  EXPECT_EQ(duration(3600), "3600 s");
}

TEST(OptionText, is_what_the_command_line_takes) {
  EXPECT_EQ(option_text(true), "yes");
  EXPECT_EQ(option_text(false), "no");
  EXPECT_EQ(option_text(std::int64_t{50}), "50");
  EXPECT_EQ(option_text(0.5), "0.5");
  EXPECT_EQ(option_text(std::string("pad")), "pad");
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Texts cut into units: nothing lost, nothing twice.
#include "ascribo/render/segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace ascribo {
namespace {

std::string joined(const std::vector<Segment>& pieces) {
  std::string text;
  for (const Segment& piece : pieces) {
    if (!piece.inserted) text += piece.text;
  }
  return text;
}

Explanation with_units(const std::string& text, const std::vector<UnitInfo>& units) {
  Explanation explanation;
  explanation.input.text = text;
  explanation.units = units;
  return explanation;
}

TEST(Segments, put_together_are_the_text) {
  for (const std::string& text : samples::hostile_strings()) {
    const Explanation explanation = samples::hostile(text);
    EXPECT_EQ(joined(segments(explanation, Side::kText)), text);
    EXPECT_EQ(joined(segments(explanation, Side::kPair)), text);
  }
  EXPECT_EQ(joined(segments(samples::explained("  two  spaces  ", {}), Side::kText)),
            "  two  spaces  ");
  EXPECT_TRUE(segments(Explanation{}, Side::kText).empty());
}

TEST(Segments, count_code_points) {
  const auto pieces = segments(
      with_units("é日🙂x", {{"é", Side::kText, 0, 1, {}}, {"🙂", Side::kText, 2, 3, {}}}),
      Side::kText);
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_EQ(pieces[0].text, "é");
  EXPECT_EQ(pieces[1].text, "日");
  EXPECT_EQ(pieces[2].text, "🙂");
  EXPECT_EQ(pieces[2].unit, 1U);
  EXPECT_EQ(pieces[3].text, "x");
  EXPECT_FALSE(pieces[3].unit);
}

TEST(Segments, of_overlapping_units_are_cut) {
  const auto pieces = segments(with_units("abcdef", {{"abcd", Side::kText, 0, 4, {}},
                                                     {"cdef", Side::kText, 2, 6, {}},
                                                     {"bc", Side::kText, 1, 3, {}}}),
                               Side::kText);
  EXPECT_EQ(joined(pieces), "abcdef");
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[1].text, "ef");
}

TEST(Segments, past_the_end_stop_at_the_end) {
  const auto pieces = segments(with_units("ab", {{"abc", Side::kText, 0, 9, {}}}), Side::kText);
  EXPECT_EQ(joined(pieces), "ab");
}

TEST(Segments, show_special_tokens_where_they_stand) {
  Explanation explanation = samples::explained("a b", {});
  explanation.units = {{"", Side::kText, 0, 0, {0}},
                       {"a", Side::kText, 0, 1, {1}},
                       {"b", Side::kText, 2, 3, {2}},
                       {"", Side::kText, 0, 0, {3}}};
  const auto pieces = segments(explanation, Side::kText);
  ASSERT_EQ(pieces.size(), 5U);
  EXPECT_EQ(pieces[0].text, "[CLS]");
  EXPECT_TRUE(pieces[0].inserted);
  EXPECT_EQ(pieces[4].text, "[SEP]");
  EXPECT_EQ(joined(pieces), "a b");
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Means, errors, intervals and tests against closed forms and enumeration.
#include "ascribo/metrics/comparison/summarize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/base/rng.h"

namespace ascribo {
namespace {

std::vector<double> normals(std::size_t count, double mean, std::uint64_t seed) {
  Rng random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(mean + random.normal());
  return values;
}

TEST(SummarizeValues, MeanAndStandardError) {
  const ComparisonCell cell = summarize_values({1, 2, 3, 4}, 0);
  EXPECT_EQ(cell.texts, 4);
  EXPECT_DOUBLE_EQ(cell.mean, 2.5);
  EXPECT_DOUBLE_EQ(cell.standard_error, std::sqrt(5.0 / 3 / 4));
  EXPECT_EQ(summarize_values({7}, 0).low, 7);
  EXPECT_EQ(summarize_values({7}, 0).standard_error, 0);
}

TEST(SummarizeValues, TheIntervalIsThatOfNormalNumbers) {
  const ComparisonCell cell = summarize_values(normals(400, 10, 3), 0);
  EXPECT_NEAR(cell.low, cell.mean - 1.96 * cell.standard_error, 0.15 * cell.standard_error);
  EXPECT_NEAR(cell.high, cell.mean + 1.96 * cell.standard_error, 0.15 * cell.standard_error);
  EXPECT_EQ(cell.low, summarize_values(normals(400, 10, 3), 0).low);
}

TEST(SummarizeValues, TheIntervalHoldsTheTruthAsOftenAsItSays) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ComparisonCell cell = summarize_values(normals(50, 1, seed), seed);
    held += cell.low <= 1 && 1 <= cell.high;
  }
  EXPECT_GE(held, 180);  // 190 expected, with a deviation of 3
  EXPECT_LE(held, 199);
}

TEST(SignFlip, IsTheShareOfSignsThatComeAsFar) {
  // Of the 16 signs of 1 2 3 4, two have a mean as far from 0 as all alike.
  EXPECT_NEAR(sign_flip_p({1, 2, 3, 4}, 0), 2.0 / 16, 0.03);
  // 1 2 3 -4: sums 2; as far are all but those that come to 0.
  EXPECT_NEAR(sign_flip_p({1, 2, 3, -4}, 0), 14.0 / 16, 0.03);
  EXPECT_EQ(sign_flip_p({0, 0, 0}, 0), 1);
}

MethodRecord method_record(double value, double seconds) {
  MethodRecord record{seconds, 3, 1};
  record.metrics.push_back({{value, NAN, NAN, NAN}, {}});
  return record;
}

TextRecord text_record(std::int64_t number, double first, double second) {
  return {number, "", "word", "logit", {method_record(first, 1), method_record(second, 2)}};
}

Comparison summarized(std::vector<TextRecord> records, const std::string& direction) {
  Comparison comparison;
  comparison.columns = {{"deletion", direction, ""}};
  summarize(std::move(records), {"a", "b"}, comparison);
  return comparison;
}

TEST(Summarize, FindsWhatDiffers) {
  std::vector<TextRecord> records;
  const std::vector<double> noise = normals(40, 0, 5);
  for (std::int64_t i = 0; i < 40; ++i) {
    const double text = noise[static_cast<std::size_t>(i)];
    records.push_back(text_record(i, text, text + 0.1 + 0.01 * static_cast<double>(i % 3)));
  }
  const Comparison found = summarized(records, "lower");
  ASSERT_EQ(found.rows.size(), 2u);
  ASSERT_EQ(found.differences.size(), 1u);
  EXPECT_NEAR(found.differences[0].mean, -0.11, 0.01);
  EXPECT_TRUE(found.differences[0].significant);  // paired: far below what texts differ by
  EXPECT_TRUE(found.rows[0].cells[0]->best);
  EXPECT_FALSE(found.rows[1].cells[0]->best);
  EXPECT_TRUE(summarized(records, "higher").rows[1].cells[0]->best);
  EXPECT_DOUBLE_EQ(found.rows[1].seconds, 2);
  EXPECT_DOUBLE_EQ(found.rows[0].forwards, 3);
  EXPECT_EQ(found.unit, "word");
}

TEST(Summarize, ChanceIsNoDifference) {
  std::vector<TextRecord> records;
  const std::vector<double> a = normals(40, 0, 5), b = normals(40, 0, 6);
  for (std::size_t i = 0; i < 40; ++i) {
    records.push_back(text_record(static_cast<std::int64_t>(i), a[i], b[i]));
  }
  const Comparison found = summarized(records, "higher");
  EXPECT_FALSE(found.differences[0].significant);
  EXPECT_TRUE(found.rows[0].cells[0]->best);
  EXPECT_TRUE(found.rows[1].cells[0]->best);
}

TEST(Summarize, LeavesOutWhatFailedAndNeedsNoOrder) {
  std::vector<TextRecord> records = {text_record(2, 3, 1), text_record(0, 1, 2)};
  records.push_back({1, "[text] the text is empty"});
  const Comparison found = summarized(records, "higher");
  EXPECT_EQ(found.texts, 2);
  EXPECT_EQ(found.skipped, 1);
  EXPECT_EQ(found.rows[0].cells[0]->mean, 2);
  std::reverse(records.begin(), records.end());
  EXPECT_EQ(summarized(records, "higher").rows[0].cells[0]->low, found.rows[0].cells[0]->low);
  EXPECT_TRUE(summarized({}, "higher").rows.empty());
}

TEST(Record, ALineComesBackAsItWas) {
  TextRecord record = text_record(7, 1.0 / 3, 2.0 / 3);
  record.methods[0].metrics[0].curves[0] = {0.1, 0.2};
  record.example = {{"a film", "good", {"a", "film"}, {"x"}, {{0.25, NAN}}}};
  const TextRecord back = parse_record(to_line(record), "here");
  EXPECT_EQ(back.number, 7);
  EXPECT_EQ(back.methods.at(1).metrics.at(0).values[0], 2.0 / 3);
  EXPECT_TRUE(std::isnan(back.methods[1].metrics[0].values[1]));
  EXPECT_EQ(back.methods[0].metrics[0].curves[0], record.methods[0].metrics[0].curves[0]);
  EXPECT_EQ(back.example.at(0).units, record.example[0].units);
  EXPECT_EQ(back.example[0].scores[0][0], 0.25);
  EXPECT_TRUE(std::isnan(back.example[0].scores[0][1]));
  EXPECT_EQ(to_line(back), to_line(record));
  EXPECT_THROW(parse_record("{\"number\": 1", "here"), Error);
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Whole comparisons: shared runs, runs that go on, and saved explanations.
#include "ascribo/metrics/comparison/compare.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ascribo/base/error.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTexts = {"a gripping, funny film that never loses its nerve.",
                                         "I didn't like it... at ALL!", "film",
                                         "The plot is thin, the cast is not."};

const Subject& critic() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

const Request kRequest{.method = "occlusion,saliency"};

std::vector<MetricRequest> two_metrics() {
  return {parse_metric("deletion"), parse_metric("sufficiency")};
}

// Compares the first `count` texts; the third has one unit and fails.
Comparison run(const ComparisonOptions& options, std::size_t count = 4,
               const Request& request = kRequest,
               const std::vector<MetricRequest>& metrics = two_metrics(),
               std::size_t* asked = nullptr) {
  ComparisonStream stream;
  stream.next = [count, next = std::size_t{0}]() mutable -> std::optional<Input> {
    if (next == count) return std::nullopt;
    return Input{.text = kTexts[next++]};
  };
  stream.failed = [](std::int64_t number, const std::exception&) { return number == 2; };
  stream.done = [asked](const Evaluation&) {
    if (asked != nullptr) ++*asked;
  };
  return compare(critic(), stream, request, metrics, options);
}

class CompareJournal : public testing::Test {
 protected:
  void SetUp() override { fs::remove(options.journal); }
  void TearDown() override { fs::remove(options.journal); }
  ComparisonOptions options{
      .data = "four texts",
      .journal = fs::temp_directory_path() /
                 ("ascribo_journal_" +
                  std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))};

  std::string resumed(const Request& request, const std::vector<MetricRequest>& metrics) {
    ComparisonOptions again = options;
    again.resume = true;
    try {
      run(again, 4, request, metrics);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was thrown";
  }
};

void expect_same(const Comparison& a, const Comparison& b) {
  EXPECT_EQ(a.texts, b.texts);
  EXPECT_EQ(a.skipped, b.skipped);
  EXPECT_EQ(a.unit, b.unit);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (std::size_t r = 0; r < a.rows.size(); ++r) {
    EXPECT_EQ(a.rows[r].name(), b.rows[r].name());
    EXPECT_EQ(a.rows[r].forwards, b.rows[r].forwards);
    for (std::size_t c = 0; c < a.columns.size(); ++c) {
      EXPECT_EQ(a.rows[r].cells[c]->mean, b.rows[r].cells[c]->mean);
      EXPECT_EQ(a.rows[r].cells[c]->low, b.rows[r].cells[c]->low);
      EXPECT_EQ(a.rows[r].cells[c]->curve, b.rows[r].cells[c]->curve);
    }
  }
  ASSERT_EQ(a.differences.size(), b.differences.size());
  for (std::size_t i = 0; i < a.differences.size(); ++i) {
    EXPECT_EQ(a.differences[i].p, b.differences[i].p);
  }
  ASSERT_EQ(a.examples.size(), b.examples.size());
  for (std::size_t i = 0; i < a.examples.size(); ++i) {
    EXPECT_EQ(a.examples[i].scores, b.examples[i].scores);
  }
}

TEST(Compare, RowsAreMethodsAndWhatTheyAreComparedWith) {
  const Comparison found = run({});
  std::vector<std::string> names;
  for (const ComparisonRow& row : found.rows) names.push_back(row.name());
  EXPECT_EQ(names, (std::vector<std::string>{"occlusion", "saliency", "occlusion, reversed",
                                             "saliency, reversed", "random", "length"}));
  EXPECT_EQ(found.texts, 3);
  EXPECT_EQ(found.skipped, 1);
  // A method and its reverse begin deletion and end it at the same texts.
  const auto &own = found.rows[0].cells[0]->curve, &reversed = found.rows[2].cells[0]->curve;
  ASSERT_EQ(own.size(), 21u);
  EXPECT_NEAR(own.front(), reversed.front(), 1e-12);
  EXPECT_NEAR(own.back(), reversed.back(), 1e-12);
  EXPECT_EQ(found.rows[0].cells[0]->texts, 3);
}

TEST(Compare, AMeanIsThatOfTheTexts) {
  const Comparison found = run({}, 2);
  double sum = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    sum +=
        evaluate(critic(), {.text = kTexts[i]}, {.method = "saliency"}, {parse_metric("deletion")})
            .metrics.at(0)[0]
            ->value;
  }
  EXPECT_DOUBLE_EQ(found.rows[1].cells[0]->mean, sum / 2);
}

TEST_F(CompareJournal, ARunThatWasStoppedGoesOnToTheSameTable) {
  const Comparison whole = run({.data = "four texts"});
  run(options, 1);
  {
    std::ofstream torn(options.journal, std::ios::app);
    torn << "{\"number\": 1, \"er";  // killed in the middle of a line
  }
  options.resume = true;
  std::size_t asked = 0;
  expect_same(run(options, 4, kRequest, two_metrics(), &asked), whole);
  EXPECT_EQ(asked, 4u);  // two texts under two methods
  expect_same(run(options, 4, kRequest, two_metrics(), &asked), whole);
  EXPECT_EQ(asked, 4u);  // nothing is left to do
}

TEST_F(CompareJournal, OtherSettingsAreRefused) {
  run(options, 2);
  const std::string begun = options.journal.string() +
                            " was begun; expected the same settings. "
                            "Hint: begin another --journal for other "
                            "settings";
  EXPECT_EQ(resumed({.method = "occlusion"}, two_metrics()),
            "[resume] method is \"occlusion\" and was \"occlusion,saliency\" when " + begun);
  EXPECT_EQ(
      resumed({.method = "occlusion,saliency", .options = {{"unit", "token"}}}, two_metrics()),
      "[resume] unit is \"token\" and was not given when " + begun);
  EXPECT_EQ(resumed(kRequest, {parse_metric("deletion")}),
            "[resume] metric is \"deletion\" and was \"deletion,sufficiency\" when " + begun);
}

TEST_F(CompareJournal, AJournalIsNeverOverwritten) {
  run(options, 1);
  EXPECT_THROW(run(options, 1), Error);
  std::ofstream(options.journal) << "something else\n";
  options.resume = true;
  EXPECT_THROW(run(options, 1), Error);
}

Comparison judged(const Subject& subject, const std::vector<Explanation>& saved) {
  SavedStream stream;
  stream.next = [&, next = std::size_t{0}]() mutable -> std::optional<Explanation> {
    if (next == saved.size()) return std::nullopt;
    return saved[next++];
  };
  return compare_saved(subject, stream, two_metrics(), {}, {});
}

TEST(CompareSaved, SaysTheSameAsTheMethod) {
  std::vector<Explanation> saved;
  for (const std::size_t i : {0u, 1u, 3u}) {
    saved.push_back(critic().explain({.text = kTexts[i]}, {.method = "occlusion"}));
  }
  const Comparison found = judged(critic(), saved);
  const Comparison computed = run({}, 4, {.method = "occlusion"});
  ASSERT_EQ(found.rows.size(), computed.rows.size());
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    EXPECT_EQ(found.rows[r].name(), computed.rows[r].name());
    for (std::size_t c = 0; c < 2; ++c) {
      EXPECT_EQ(found.rows[r].cells[c]->mean, computed.rows[r].cells[c]->mean);
    }
  }
}

TEST(CompareSaved, JudgesTokenIdsAsTheTextThatTheyStandFor) {
  const Encoding encoding = critic().tokenizer().encode(kTexts[0]);
  const Request request{.method = "occlusion", .options = {{"unit", "token"}}};
  const std::vector<std::int64_t> ones(encoding.ids.size(), 1);
  const Comparison text = judged(critic(), {critic().explain({.text = kTexts[0]}, request)});
  const Comparison ids = judged(critic(), {critic().explain({.input_ids = encoding.ids}, request)});
  const Comparison others =
      judged(critic(), {critic().explain({.input_ids = encoding.ids, .type_ids = ones}, request)});
  ASSERT_EQ(ids.texts, 1);
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_EQ(ids.rows[0].cells[c]->mean, text.rows[0].cells[c]->mean);
    EXPECT_NE(others.rows[0].cells[c]->mean, text.rows[0].cells[c]->mean);
  }
}

}  // namespace
}  // namespace ascribo

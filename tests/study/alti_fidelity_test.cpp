// SPDX-License-Identifier: MIT
// The study on a tiny checkpoint: what is explained, and that what it comes to is what the metrics
// say of the same scores one by one.
#include "ascribo/study/reproduce/alti_fidelity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/error.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

const std::vector<std::string> kTexts = {"it is not a good film.", "a gripping, funny film"};

class AltiFidelityTest : public testing::Test {
 protected:
  std::vector<AltiScores> scores() const {
    std::vector<AltiScores> all;
    for (const AltiRecipe recipe : kAltiRecipes) {
      for (const std::string& method : alti_methods()) all.push_back({recipe, method, {}});
    }
    for (const std::string& text : kTexts) {
      std::size_t s = 0;
      for (const AltiRecipe recipe : kAltiRecipes) {
        for (Explanation& each : explain_alti(subject, {1, text, {}, {}, {}}, recipe, 200)) {
          all[s++].texts.push_back(std::move(each));
        }
      }
    }
    return all;
  }

  Subject subject = Subject::open(test::golden_folder() / "bert-cls");
};

TEST_F(AltiFidelityTest, EveryMethodScoresTheTokens) {
  const std::vector<AltiScores> all = scores();
  for (const AltiScores& each : all) {
    ASSERT_EQ(each.texts.size(), kTexts.size());
    EXPECT_EQ(each.texts[0].method.name, each.method);
    EXPECT_EQ(each.texts[0].unit, "token");
    EXPECT_FALSE(each.texts[0].layers);
    EXPECT_EQ(each.texts[0].units.size() + 2, each.texts[0].tokens.size());
  }
  EXPECT_EQ(all[5].texts[0].score, "probability");  // saliency as published
  EXPECT_EQ(all[5 + alti_methods().size()].texts[0].score, "logit");
}

TEST_F(AltiFidelityTest, ComesToWhatTheMetricsSay) {
  const std::vector<AltiScores> all = scores();
  for (const Fidelity fidelity : {Fidelity::kComp, Fidelity::kSuff}) {
    for (const bool bins : {false, true}) {
      FidelityOptions options{.fidelity = fidelity, .bins = bins, .most_gone = 4};
      const AltiFidelity found = alti_fidelity(subject, all, options);
      ASSERT_EQ(found.comparison.rows.size(), alti_methods().size());
      EXPECT_EQ(found.comparison.texts, 2);
      EXPECT_EQ(found.places.size(), bins ? 5U : 4U);
      const std::string name = fidelity == Fidelity::kComp ? "comprehensiveness" : "sufficiency";
      const std::string points = bins ? "" : ":one_by_one=4";
      const std::vector<MetricRequest> metrics = {
          parse_metric(std::string(name).append(":definition=alti").append(points)),
          parse_metric(std::string(name).append(":definition=eraser").append(points))};
      for (std::size_t m = 0; m < alti_methods().size(); ++m) {
        for (std::size_t c = 0; c < 2; ++c) {
          const AltiScores& each = all[c * alti_methods().size() + m];
          double sum = 0;
          SavedStream stream;
          stream.next = [&, at = std::size_t{0}]() mutable -> std::optional<Explanation> {
            return at < kTexts.size() ? std::optional(each.texts[at++]) : std::nullopt;
          };
          stream.done = [&](const Evaluation& evaluation) {
            sum += evaluation.metrics[c][0]->value / 2;
          };
          evaluate_saved(subject, stream, metrics);
          EXPECT_NEAR(found.comparison.rows[m].cells[c]->mean, sum, 1e-9) << each.method;
        }
      }
    }
  }
}

TEST_F(AltiFidelityTest, ScoresOfOtherTextsAreRefused) {
  const auto refused = [this](const auto& change) {
    std::vector<AltiScores> all = scores();
    change(all);
    return test::error_of(Code::kInvalidArgument, [&] { alti_fidelity(subject, all, {}); });
  };
  EXPECT_EQ(refused([](auto& all) { std::swap(all[3].texts[0], all[3].texts[1]); }),
            "[alti] the scores of published norm_rollout are of other texts; expected \"it is not "
            "a good film.\".");
  EXPECT_EQ(refused([](auto& all) { all[4].texts.pop_back(); }),
            "[alti] globenc has scores of 1 texts; expected 2, as alti.");
}

// Ids and offsets tell tokens apart, also where there are as many.
TEST_F(AltiFidelityTest, ScoresOfOtherTokensAreRefused) {
  const TokenInfo token = scores().front().texts[0].tokens[2];
  const auto refused = [this](const auto& change) {
    std::vector<AltiScores> all = scores();
    change(all[13].texts[0].tokens);
    return test::error_of(Code::kInvalidArgument, [&] { alti_fidelity(subject, all, {}); });
  };
  const auto message = [&](std::int64_t id, std::int64_t end) {
    return "corrected globenc: [explanation] its token 2 is \"is\" (" + std::to_string(id) +
           ") at 3 to " + std::to_string(end) + "; expected \"is\" (" + std::to_string(token.id) +
           ") at 3 to 5, as this tokenizer reads the text. Hint: scores can only be judged with "
           "the tokenizer and model that they were made with";
  };
  EXPECT_EQ(refused([](auto& tokens) { tokens[2].id += 1; }), message(token.id + 1, 5));
  EXPECT_EQ(refused([](auto& tokens) { tokens[2].end += 1; }), message(token.id, 6));
  EXPECT_EQ(refused([](auto& tokens) { tokens.pop_back(); }),
            "corrected globenc: [explanation] it has 8 tokens; expected the 9 that this tokenizer "
            "makes of the text. Hint: scores can only be judged with the tokenizer and model that "
            "they were made with");
}

TEST_F(AltiFidelityTest, OneTextThatDoesNotFitIsLeftOut) {
  std::vector<AltiScores> all = scores();
  all[2].texts[0].tokens[1].id += 1;
  std::vector<std::int64_t> failed;
  FidelityProgress progress;
  progress.failed = [&](std::int64_t number, const std::exception&) {
    failed.push_back(number);
    return true;
  };
  Progress last;
  progress.progress = [&](const Progress& now) {
    EXPECT_GE(now.done, last.done);
    last = now;
    return true;
  };
  const AltiFidelity found = alti_fidelity(subject, all, {}, progress);
  EXPECT_EQ(found.comparison.texts, 1);
  EXPECT_EQ(failed, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(last.done, 2 * static_cast<std::int64_t>(all.size()));
  EXPECT_EQ(last.total, last.done);
}

TEST_F(AltiFidelityTest, LongTextsAreLeftOutAndCounted) {
  const std::vector<AltiScores> all = scores();  // of 9 and 10 tokens
  const AltiFidelity found = alti_fidelity(subject, all, {.most_tokens = 9});
  EXPECT_EQ(found.too_long, 1);
  EXPECT_EQ(found.comparison.texts, 1);
  EXPECT_EQ(alti_fidelity(subject, all, {.most_tokens = 3}).too_long, 2);
  EXPECT_EQ(alti_fidelity(subject, all, {}).too_long, 0);
}

TEST_F(AltiFidelityTest, LongTextsAndUnreadableRowsSaySo) {
  const auto error_of = [&](const AltiRow& row) {
    try {
      explain_alti(subject, row, AltiRecipe::kPublished, 5);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error_of({1, kTexts[0], {}, {}, {}}),
            "[alti] the text has 9 tokens; expected at most 5.");
  EXPECT_EQ(error_of({1, "", {}, {}, "[a.tsv line 1] is not a row"}),
            "[a.tsv line 1] is not a row");
}

// A masked verb: the probability of the good form, or how far its logit is above the other's.
TEST(AltiMaskedVerb, TheMaskHasNoScoreAndStays) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-mlm");
  const AltiRow row{1, "the film ***mask*** good", "is", "was", {}};
  const std::vector<Explanation> published =
      explain_alti(subject, row, AltiRecipe::kPublished, 200);
  const std::vector<Explanation> corrected =
      explain_alti(subject, row, AltiRecipe::kCorrected, 200);
  ASSERT_EQ(published.size(), alti_methods().size());
  EXPECT_EQ(published[5].attributions[0].target, "is");
  EXPECT_FALSE(published[5].attributions[0].versus);
  EXPECT_EQ(corrected[5].attributions[0].versus, "was");
  for (const Explanation& each : published) {
    EXPECT_EQ(std::count_if(each.attributions[0].scores.begin(), each.attributions[0].scores.end(),
                            [](float score) { return std::isnan(score); }),
              1)
        << each.method.name;
  }
  std::vector<AltiScores> all;
  for (std::size_t m = 0; m < published.size(); ++m) {
    all.push_back({AltiRecipe::kPublished, alti_methods()[m], {published[m]}});
    all.push_back({AltiRecipe::kCorrected, alti_methods()[m], {corrected[m]}});
  }
  const AltiFidelity found = alti_fidelity(subject, all, {.most_gone = 3});
  EXPECT_EQ(found.comparison.texts, 1);
  for (const ComparisonRow& row_of : found.comparison.rows) {
    EXPECT_TRUE(std::isfinite(row_of.cells[0]->mean));
    EXPECT_TRUE(std::isfinite(row_of.cells[1]->mean));
  }
}

}  // namespace
}  // namespace ascribo

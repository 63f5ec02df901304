// SPDX-License-Identifier: MIT
// Agreement of models: one with itself, two different ones by their explanations, and refusals.
#include "ascribo/study/agreement/compare_models.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/metrics/parts/agreement.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

AgreementStream texts(std::vector<std::string> all) {
  AgreementStream stream;
  stream.next = [all, at = std::size_t{0}]() mutable -> std::optional<Input> {
    return at < all.size() ? std::optional(Input{.text = all[at++]}) : std::nullopt;
  };
  return stream;
}

class CompareModels : public testing::Test {
 protected:
  static std::string error_of(const std::vector<const Subject*>& subjects, const Request& request,
                              std::int64_t top, const std::string& text) {
    try {
      compare_models(subjects, texts({text}), request, top);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  Subject distilbert = Subject::open(test::golden_folder() / "distilbert-cls");
  Request request{.method = "occlusion", .options = {{"unit", "text_word"}}};
};

TEST_F(CompareModels, AModelAgreesWithItself) {
  const ModelAgreement found =
      compare_models({&bert, &bert}, texts({"it is not a good film."}), request, 3);
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_NEAR(found.pairs[0].rank.mean, 1, 1e-12);
  EXPECT_EQ(found.pairs[0].overlap.mean, 1);
  EXPECT_EQ(found.spread.mean, 0);
  EXPECT_EQ(found.same_target, 1);
}

TEST_F(CompareModels, SaysWhatTheExplanationsSay) {
  const std::string text = "it is not a good film.";
  const ModelAgreement found = compare_models({&bert, &distilbert}, texts({text}), request, 2);
  std::vector<std::vector<double>> scores;
  for (const Subject* subject : {&bert, &distilbert}) {
    const Explanation explanation = subject->explain(Input{.text = text}, request);
    std::vector<double>& own = scores.emplace_back();
    double sum = 0;
    for (const float score : explanation.attributions[0].scores) {
      own.push_back(static_cast<double>(score));
      sum += std::abs(own.back());
    }
    for (double& score : own) score /= sum;
  }
  double spread = 0;
  std::vector<double> a, b;
  for (std::size_t unit = 0; unit < scores[0].size(); ++unit) {
    spread += std::abs(scores[0][unit] - scores[1][unit]) / std::sqrt(2.0);
    a.push_back(std::abs(scores[0][unit]));
    b.push_back(std::abs(scores[1][unit]));
  }
  EXPECT_NEAR(found.spread.mean, spread / static_cast<double>(a.size()), 1e-9);
  EXPECT_NEAR(found.pairs[0].rank.mean, spearman(a, b), 1e-12);
  EXPECT_EQ(found.texts[0].units.size(), a.size());
  EXPECT_EQ(found.texts[0].units[3].text, "a");
}

TEST_F(CompareModels, RefusesWhatCannotBeCompared) {
  EXPECT_EQ(error_of({&bert}, request, 3, "a b"),
            "[compare-models] 1 models were given; expected at least two.");
  EXPECT_EQ(error_of({&bert, &bert}, request, 0, "a b"), "[top] 0 was given; expected at least 1.");
  EXPECT_EQ(error_of({&bert, &bert}, request, 3, "film"),
            "[compare-models] the text has one unit; expected at least two to rank.");
  Request two = request;
  two.method = "alti,occlusion";
  EXPECT_EQ(error_of({&bert, &bert}, two, 3, "a b"),
            "[method] \"alti,occlusion\" was given; expected one method. Hint: compare judges "
            "several methods");
}

}  // namespace
}  // namespace ascribo

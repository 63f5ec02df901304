// SPDX-License-Identifier: MIT
// The ALTI authors' gradients and blank-out, by their definition: finite differences of a model in
// double precision that is given the output of its embeddings once more, and probabilities.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "ascribo/explain/quadrature.h"
#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::Contains;
using testing::HasSubstr;

const std::string kText = "it is not a good film.";

class AltiRecipe : public testing::Test {
 protected:
  Explanation explain(const std::string& method, OptionValues options = {}) const {
    options.emplace("compat", "alti");
    options.emplace("normalize", "none");
    return subject.explain(Input{.text = kText}, {.method = method, .options = options});
  }

  Batch batch_of(std::vector<std::int64_t> ids) const {
    Batch batch;
    Sequence sequence;
    sequence.ids = std::move(ids);
    sequence.type_ids.assign(sequence.ids.size(), 0);
    sequence.positions.resize(sequence.ids.size());
    std::iota(sequence.positions.begin(), sequence.positions.end(), std::int64_t{0});
    batch.append(sequence);
    return batch;
  }

  Tensor embeddings(const std::vector<std::int64_t>& ids) const {
    ascribo::Run run;
    run.capture({Tap::kEmbeddings});
    subject.model().forward(batch_of(ids), run);
    return run.at({Tap::kEmbeddings}).value();
  }

  std::vector<double> logits(const std::vector<std::int64_t>& ids, const Tensor* words) const {
    ascribo::Run run;
    if (words != nullptr) run.replace({Tap::kWordEmbeddings}, *words);
    return subject.model().forward(batch_of(ids), run).value().to_vector<double>();
  }

  static double probability(const std::vector<double>& logits, std::int64_t index) {
    double sum = 0;
    for (const double logit : logits) sum += std::exp(logit);
    return std::exp(logits[static_cast<std::size_t>(index)]) / sum;
  }

  // d probability / d value, for every number of a token's row.
  std::vector<double> slopes(const std::vector<std::int64_t>& ids, const Tensor& at,
                             std::int64_t token, std::int64_t index) const {
    constexpr double kStep = 1e-5;
    std::vector<double> found;
    for (std::int64_t d = 0; d < at.cols(); ++d) {
      Tensor moved = at.clone();
      double& value = moved.mutable_data<double>()[token * at.cols() + d];
      value += kStep;
      const double above = probability(logits(ids, &moved), index);
      value -= 2 * kStep;
      found.push_back((above - probability(logits(ids, &moved), index)) / (2 * kStep));
    }
    return found;
  }

  static std::vector<std::int64_t> ids_of(const Explanation& explanation) {
    std::vector<std::int64_t> ids;
    for (const TokenInfo& token : explanation.tokens) ids.push_back(token.id);
    return ids;
  }

  std::int64_t mask() const { return *subject.tokenizer().special_tokens().mask; }

  Subject subject =
      Subject::open(test::golden_folder() / "bert-cls", {.labels = {}, .compute = Dtype::kF64});
};

TEST_F(AltiRecipe, GradientsAreOfAModelThatEmbedsTwice) {
  const Explanation slope = explain("saliency"), product = explain("input_x_gradient");
  const auto ids = ids_of(slope);
  const Tensor once = embeddings(ids);
  ASSERT_EQ(slope.units.size(), ids.size());
  for (std::int64_t token = 0; token < once.rows(); ++token) {
    const std::vector<double> g = slopes(ids, once, token, slope.attributions[0].index);
    double squares = 0, sum = 0;
    for (std::size_t d = 0; d < g.size(); ++d) {
      squares += g[d] * g[d];
      sum += g[d] * once.data<double>()[static_cast<std::size_t>(token) * g.size() + d];
    }
    const auto i = static_cast<std::size_t>(token);
    EXPECT_NEAR(slope.attributions[0].scores[i], std::sqrt(squares), 1e-6) << token;
    EXPECT_NEAR(product.attributions[0].scores[i], std::abs(sum), 1e-6) << token;
  }
  EXPECT_EQ(slope.score, "probability");
  EXPECT_FALSE(slope.method.is_signed);
  EXPECT_THAT(slope.notes, Contains(HasSubstr("compat alti")));
}

TEST_F(AltiRecipe, ThePathGoesFromMasksBetweenSpecialTokens) {
  const Explanation found = explain("integrated_gradients", {{"steps", "6"}});
  const auto ids = ids_of(found);
  std::vector<std::int64_t> masked = ids;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!found.tokens[i].special) masked[i] = mask();
  }
  ASSERT_EQ(found.baseline->kind, "mask");
  const Tensor to = embeddings(ids);
  const Tensor from = embeddings(masked);
  const Quadrature rule = quadrature(Rule::kGaussLegendre, 6);
  for (const std::int64_t token : {std::int64_t{0}, std::int64_t{3}}) {
    double sum = 0;
    for (std::size_t n = 0; n < rule.points.size(); ++n) {
      Tensor point = from.clone();
      for (std::int64_t at = 0; at < point.numel(); ++at) {
        point.mutable_data<double>()[at] +=
            rule.points[n] * (to.data<double>()[at] - from.data<double>()[at]);
      }
      const std::vector<double> g = slopes(ids, point, token, found.attributions[0].index);
      for (std::size_t d = 0; d < g.size(); ++d) {
        const auto at = static_cast<std::size_t>(token) * g.size() + d;
        sum += rule.weights[n] * g[d] * (to.data<double>()[at] - from.data<double>()[at]);
      }
    }
    EXPECT_NEAR(found.attributions[0].scores[static_cast<std::size_t>(token)], std::abs(sum), 1e-6);
  }
  EXPECT_FALSE(found.attributions[0].delta);
}

TEST_F(AltiRecipe, BlankOutTakesTheSigmoidOfALogit) {
  const Explanation found = explain("occlusion");
  const auto ids = ids_of(found);
  const std::int64_t index = found.attributions[0].index;
  const double whole = probability(logits(ids, nullptr), index);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::vector<std::int64_t> masked = ids;
    masked[i] = mask();
    const double logit = logits(masked, nullptr)[static_cast<std::size_t>(index)];
    EXPECT_NEAR(found.attributions[0].scores[i], std::abs(whole - 1 / (1 + std::exp(-logit))),
                1e-6);
  }
  const Explanation right = explain("occlusion", {{"score", "probability"}});
  std::vector<std::int64_t> masked = ids;
  masked[2] = mask();
  EXPECT_NEAR(right.attributions[0].scores[2],
              std::abs(whole - probability(logits(masked, nullptr), index)), 1e-6);
}

TEST_F(AltiRecipe, RefusesWhatTheRecipeIsNot) {
  EXPECT_EQ(error_of(Code::kInvalidArgument,
                     [&] {
                       explain("saliency", {{"at", "embeddings"}});
                     }),
            "[saliency] at is \"embeddings\" and compat is alti; expected word_embeddings, which "
            "is part of that recipe.");
  EXPECT_EQ(error_of(Code::kInvalidArgument,
                     [&] {
                       explain("integrated_gradients", {{"at", "layer:1"}});
                     }),
            "[integrated_gradients] at is \"layer:1\" and compat is alti; expected "
            "word_embeddings, which is part of that recipe.");
  EXPECT_EQ(error_of(Code::kInvalidArgument,
                     [&] {
                       explain("occlusion", {{"hide", "2"}});
                     }),
            "[occlusion] hide is 2 and compat is alti; expected 1, which is part of that recipe.");
}

}  // namespace
}  // namespace ascribo

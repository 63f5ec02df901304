// SPDX-License-Identifier: MIT
// Values and gradients inside a model, by the name of their taps.
#include "ascribo/explain/inputs/look.h"

#include <gtest/gtest.h>

#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"

namespace ascribo {
namespace {

const Input kText = {.text = "the film is good"};

const Subject& bert() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

TEST(Look, EveryTapHasTheShapeThatTheModelSays) {
  const auto size = static_cast<std::int64_t>(bert().tokenizer().encode(kText.text).size());
  std::vector<TapPoint> points;
  for (const auto& [point, shape] : bert().model().taps(size)) points.push_back(point);
  const std::vector<TapValue> found = look(bert(), kText, points);
  const std::vector<TapValue> with_gradients =
      look(bert(), kText, points, Request{.targets = {"all"}});
  std::size_t i = 0;
  for (const auto& [point, shape] : bert().model().taps(size)) {
    EXPECT_EQ(found[i].value.shape(), shape) << to_string(point);
    EXPECT_FALSE(found[i].gradients.defined());
    EXPECT_EQ(with_gradients[i].value.to_vector<float>(), found[i].value.to_vector<float>());
    EXPECT_EQ(with_gradients[i].gradients.dim(0), 3) << to_string(point);
    EXPECT_EQ(with_gradients[i].gradients.numel(), 3 * numel(shape)) << to_string(point);
    ++i;
  }
}

TEST(Look, GradientsTimesInputsAreInputXGradient) {
  const std::vector<TapValue> found = look(bert(), kText, {{Tap::kWordEmbeddings}}, Request{});
  const std::vector<float> value = found[0].value.to_vector<float>();
  const std::vector<float> gradient = found[0].gradients.to_vector<float>();
  const Explanation known = bert().explain(
      kText,
      {.method = "input_x_gradient", .options = {{"unit", "all_tokens"}, {"special", "keep"}}});
  const std::size_t width = value.size() / known.tokens.size();
  for (std::size_t token = 0; token < known.tokens.size(); ++token) {
    double sum = 0;
    for (std::size_t d = 0; d < width; ++d) {
      sum += static_cast<double>(value[token * width + d]) * gradient[token * width + d];
    }
    EXPECT_NEAR(sum, known.attributions[0].scores[token], 1e-5);
  }
}

TEST(Look, ATapThatIsNotThereIsRefused) {
  EXPECT_EQ(test::error_of(Code::kInvalidArgument,
                           [] {
                             look(bert(), kText, {{Tap::kHidden, 99}});
                           }),
            "[taps] hidden:99 was given; expected a tap of this model. Hint: ascribo info lists "
            "them");
}

}  // namespace
}  // namespace ascribo

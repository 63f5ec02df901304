// SPDX-License-Identifier: MIT
// A run keeps, watches, replaces and edits what passes its taps.
#include "ascribo/graph/taps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

constexpr TapPoint kWords{Tap::kWordEmbeddings};
constexpr TapPoint kMiddle{Tap::kHidden, 1};

Tensor row(std::vector<double> numbers) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  return Tensor::from<double>(numbers, {1, count});
}

// A model of two taps: y = 3 * pass(middle, 2 * pass(words, x)).
Variable model(Run& run, const Tensor& x) {
  const auto times = [](const Variable& in, double factor) {
    Tensor out = in.value().clone();
    for (std::int64_t i = 0; i < out.numel(); ++i) out.mutable_data<double>()[i] *= factor;
    return record(out, {in}, [factor](Backward& backward) {
      GradientSlot slot = backward.slot(0);
      for (std::int64_t i = 0; i < slot.tensor.numel(); ++i) {
        slot.tensor.mutable_data<double>()[i] = factor * backward.output().data<double>()[i];
      }
    });
  };
  const Variable words = run.pass(kWords, Variable(x));
  return times(run.pass(kMiddle, times(words, 2)), 3);
}

Tensor one_seed(const Variable& output) {
  return Tensor::from<double>(
      std::vector<double>(static_cast<std::size_t>(output.value().numel()), 1.0),
      {1, 1, output.value().numel()});
}

TEST(Run, NothingAskedNothingKept) {
  ascribo::Run run;
  const Variable y = model(run, row({1, 2}));
  EXPECT_FALSE(y.requires_grad());
  EXPECT_EQ(run.first_layer(), -1);
  try {
    run.at(kMiddle);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[taps] no value at hidden:1; expected a tap that was captured or watched before "
                 "the forward and that the forward passed.");
  }
}

TEST(Run, CaptureKeepsValuesOnly) {
  ascribo::Run run;
  run.capture(kMiddle);
  const Variable y = model(run, row({1, 2}));
  EXPECT_THAT(run.at(kMiddle).value().to_vector<double>(), ElementsAre(2, 4));
  EXPECT_FALSE(y.requires_grad());
}

TEST(Run, WatchGivesGradientsAtEveryPoint) {
  ascribo::Run run;
  run.watch(kWords);
  run.watch(kMiddle);
  const Variable y = model(run, row({1, 2}));
  const auto gradients = run.gradients(y, one_seed(y), {kMiddle, kWords});
  EXPECT_THAT(gradients[0].to_vector<double>(), ElementsAre(3, 3));
  EXPECT_THAT(gradients[1].to_vector<double>(), ElementsAre(6, 6));
}

TEST(Run, ReplacementCutsWhatLiesBelow) {
  ascribo::Run run;
  run.replace(kMiddle, row({10, 20}));
  run.watch(kMiddle);
  run.watch(kWords);
  EXPECT_TRUE(run.replaced(kMiddle));
  EXPECT_EQ(run.first_layer(), 1);
  const Variable y = model(run, row({1, 2}));
  EXPECT_THAT(y.value().to_vector<double>(), ElementsAre(30, 60));
  const auto gradients = run.gradients(y, one_seed(y), {kMiddle, kWords});
  EXPECT_THAT(gradients[0].to_vector<double>(), ElementsAre(3, 3));
  EXPECT_THAT(gradients[1].to_vector<double>(), ElementsAre(0, 0));
}

TEST(Run, EditSeesTheValueAndLetsGradientsThrough) {
  ascribo::Run run;
  run.watch(kWords);
  run.edit(kMiddle, [](const Variable& value) {
    return record(value.value(), {value},
                  [](Backward& backward) { backward.pass(0, backward.output()); });
  });
  const Variable y = model(run, row({1, 2}));
  EXPECT_THAT(run.gradients(y, one_seed(y), {kWords})[0].to_vector<double>(), ElementsAre(6, 6));
}

TEST(Run, LayersThatAreTouched) {
  for (const TapPoint point : {TapPoint{Tap::kAttnProbs, 2}, TapPoint{Tap::kHidden, 3}}) {
    ascribo::Run captured, watched, replaced, edited;
    captured.capture(point);
    watched.watch(point);
    replaced.replace(point, row({1}));
    edited.edit(point, [](const Variable& value) { return value; });
    for (const ascribo::Run* run : {&captured, &watched, &replaced, &edited}) {
      EXPECT_TRUE(run->touches_layer(2));
      EXPECT_FALSE(run->touches_layer(1));
      EXPECT_FALSE(run->touches_layer(3));
    }
  }
}

TEST(Taps, Names) {
  EXPECT_EQ(to_string(kWords), "word_embeddings");
  EXPECT_EQ(to_string(kMiddle), "hidden:1");
  EXPECT_EQ(tap_name(Tap::kAttnProbs), "attn_probs");
}

}  // namespace
}  // namespace ascribo

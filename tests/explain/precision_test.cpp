// SPDX-License-Identifier: MIT
// Explaining with rounded products: near fp32, and every result says how near.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/explain/precision/spot_check.h"
#include "ascribo/explain/subject.h"
#include "ascribo/ops/linear.h"
#include "tests/explain/errors.h"
#include "tests/folders.h"

namespace ascribo {
namespace {

Explanation with_scores(std::vector<std::vector<float>> scores) {
  Explanation result;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    Attribution& each = result.attributions.emplace_back();
    each.index = static_cast<std::int64_t>(i);
    each.scores = std::move(scores[i]);
  }
  return result;
}

TEST(ComparePrecisions, StatesTheLargestDifferenceAndTheOrder) {
  EXPECT_EQ(
      compare_precisions(with_scores({{1.5f, -4.0f, 0.25f}}), with_scores({{1.75f, -4.0f, 0.25f}})),
      "in fp32 no score differs by more than 6.2 % of the largest, and the order of the 3 "
      "largest is the same");
  EXPECT_EQ(
      compare_precisions(with_scores({{1.5f, -4.0f, 1.0f}}), with_scores({{1.5f, -4.0f, 2.0f}})),
      "in fp32 no score differs by more than 25 % of the largest, and the order of the 3 "
      "largest changes from place 2 on");
  // The worst target counts, and what a target cannot see does not.
  const float unseen = std::nanf("");
  EXPECT_EQ(compare_precisions(with_scores({{2.0f, unseen}, {1.0f, 2.0f}}),
                               with_scores({{2.0f, unseen}, {1.0f, 4.0f}})),
            "in fp32 no score differs by more than 50 % of the largest, and the order of the 2 "
            "largest is the same");
  Explanation other = with_scores({{1.0f}});
  other.attributions[0].target = "another";
  EXPECT_EQ(compare_precisions(with_scores({{1.0f}}), other),
            "in fp32 other targets are explained");
}

class PrecisionOption : public testing::Test {
 protected:
  static Explanation explain(const OptionValues& options, const std::string& method,
                             const std::string& text = "a gripping film , never dull") {
    static const Subject kSubject = Subject::open(test::source_folder() / "models/sst2-minilm");
    return kSubject.explain({.text = text}, {.method = method, .options = options});
  }

  static bool has_note(const Explanation& result, const std::string& part) {
    return std::any_of(result.notes.begin(), result.notes.end(), [&](const std::string& note) {
      return note.find(part) != std::string::npos;
    });
  }
};

TEST_F(PrecisionOption, Fp32IsTheDefault) {
  const Explanation plain = explain({}, "occlusion"),
                    named = explain({{"precision", "fp32"}}, "occlusion");
  EXPECT_EQ(plain.attributions[0].scores, named.attributions[0].scores);
  EXPECT_FALSE(has_note(named, "precision"));
}

TEST_F(PrecisionOption, EveryFamilyIsNearFp32AndSaysHowNear) {
  for (const char* method :
       {"integrated_gradients", "saliency", "occlusion", "kernel_shap", "attention_x_gradient"}) {
    const Explanation exact = explain({}, method);
    const Explanation fast = explain({{"precision", "bf16"}, {"spot_check", "1"}}, method);
    const std::vector<float>& wanted = exact.attributions[0].scores;
    float largest = 0;
    for (const float score : wanted) largest = std::max(largest, std::abs(score));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_NEAR(fast.attributions[0].scores[i], wanted[i], 0.06 * largest) << method;
    }
    if (ops::has_bf16_products()) {
      EXPECT_NE(fast.attributions[0].scores, wanted) << method;
      EXPECT_TRUE(has_note(fast, "precision: products in bf16; in fp32 no score differs by more"))
          << method;
    } else {
      EXPECT_EQ(fast.attributions[0].scores, wanted) << method;
      EXPECT_TRUE(has_note(fast, "this CPU does not multiply bf16")) << method;
    }
  }
}

TEST_F(PrecisionOption, InTwoPartsScoresAreThoseOfFp32ToAHundredThousandth) {
  for (const char* method : {"integrated_gradients", "saliency", "occlusion", "kernel_shap"}) {
    const OptionValues same = std::string(method) == "integrated_gradients"
                                  ? OptionValues{{"steps", "20"}}
                                  : OptionValues{};
    OptionValues split = same;
    split.emplace("precision", "bf16x3");
    const std::vector<float> wanted = explain(same, method).attributions[0].scores;
    const Explanation fast = explain(split, method);
    float largest = 0;
    for (const float score : wanted) largest = std::max(largest, std::abs(score));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_NEAR(fast.attributions[0].scores[i], wanted[i], 2e-4 * largest) << method;
    }
    EXPECT_TRUE(has_note(fast, ops::has_bf16_products()
                                   ? "precision: products in bf16x3; in fp32 the text's own"
                                   : "this CPU does not multiply bf16"));
  }
}

TEST_F(PrecisionOption, AutoIsWhatIsFastestHereNearFp32) {
  const std::string chosen =
      ops::available_precision(Precision::kAuto) == Precision::kBf16x3 ? "bf16x3" : "fp32";
  for (const char* method : {"occlusion", "alti"}) {
    const bool takes_apart = std::string(method) == "alti";
    EXPECT_EQ(
        explain({{"precision", "auto"}}, method).attributions[0].scores,
        explain({{"precision", takes_apart ? "fp32" : chosen}}, method).attributions[0].scores);
  }
}

TEST_F(PrecisionOption, AFewTextsAreComparedByTheirOwnScoreUnlessTold) {
  if (!ops::has_bf16_products()) GTEST_SKIP() << "this CPU does not multiply bf16";
  EXPECT_TRUE(has_note(explain({{"precision", "bf16"}}, "saliency"), "the text's own score"));
  const Explanation unchecked = explain({{"precision", "bf16"}, {"spot_check", "0"}}, "saliency");
  EXPECT_EQ(unchecked.notes.back(), "precision: products in bf16");
}

TEST_F(PrecisionOption, InTwoPartsAdaptiveStepsReachTheirTolerance) {
  for (const char* text :
       {"a gripping film , never dull", "it 's a charming and often affecting journey",
        "unflinchingly bleak and desperate", "a sometimes tedious film",
        "the acting , costumes , music and sound are all astounding"}) {
    const Explanation split = explain({{"precision", "bf16x3"}}, "integrated_gradients", text);
    EXPECT_FALSE(has_note(split, "tolerance:")) << text;
  }
}

TEST_F(PrecisionOption, AdaptiveStepsRestWhereRoundingIsLeft) {
  if (!ops::has_bf16_products()) GTEST_SKIP() << "this CPU does not multiply bf16";
  const Explanation fast = explain({{"precision", "bf16"}}, "integrated_gradients");
  for (const auto& [name, value] : fast.method.options) {
    if (name == "steps") {
      EXPECT_LT(std::get<std::int64_t>(value), 60);
    }
  }
}

TEST_F(PrecisionOption, IsRefusedWhereLayersAreTakenApart) {
  EXPECT_EQ(test::error_of(Code::kUnsupported,
                           [] {
                             explain({{"precision", "bf16"}}, "alti");
                           }),
            "[precision] \"bf16\" was given for alti; expected fp32: the parts of a layer have to "
            "add up to it.");
  EXPECT_EQ(test::error_of(Code::kInvalidArgument,
                           [] {
                             explain({{"spot_check", "-1"}}, "saliency");
                           }),
            "[options] spot_check is \"-1\"; expected at least 0.");
}

}  // namespace
}  // namespace ascribo

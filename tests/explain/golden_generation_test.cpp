// SPDX-License-Identifier: MIT
// Continuations of causal models against autograd, captum and interpreto.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

class GoldenGeneration : public testing::TestWithParam<std::string> {
 protected:
  Golden golden{GetParam()};
  Subject subject = Subject::open(golden.folder);

  Input input(std::size_t index) const {
    Input input;
    input.text = golden.cases[index].at("prompt").string();
    input.continuation = std::string(golden.cases[index].at("target").string());
    return input;
  }

  Explanation explain(std::size_t index, const std::string& method, OptionValues options,
                      const std::string& target = "predicted") const {
    Request request;
    request.method = method;
    request.targets = {target};
    request.options = std::move(options);
    request.options.emplace("unit", "all_tokens");
    return subject.explain(input(index), request);
  }

  std::int64_t prompt_length(std::size_t index) const {
    return golden.cases[index].at("prompt_len").integer();
  }

  // Scores `[targets, tokens]`, with 0 for what a target does not see; every such place is checked.
  static Tensor seen_scores(const Explanation& found) {
    std::vector<double> scores;
    for (const Attribution& attribution : found.attributions) {
      for (std::size_t u = 0; u < attribution.scores.size(); ++u) {
        const bool seen = found.units[u].tokens.front() < *attribution.position;
        EXPECT_NE(seen, std::isnan(attribution.scores[u]));
        scores.push_back(seen ? static_cast<double>(attribution.scores[u]) : 0.0);
      }
    }
    return Tensor::from<double>(scores, {static_cast<std::int64_t>(scores.size())});
  }

  // L2 norms of the rows of `[..., embedding]`.
  static Tensor norms(const Tensor& gradients) {
    const std::vector<double> values = gradients.to_vector<double>();
    const auto width = static_cast<std::size_t>(gradients.cols());
    std::vector<double> found(values.size() / width, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) found[i / width] += values[i] * values[i];
    for (double& each : found) each = std::sqrt(each);
    return Tensor::from<double>(found, {static_cast<std::int64_t>(found.size())});
  }
};

TEST_P(GoldenGeneration, TokensArePromptAndContinuation) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found = explain(i, "saliency", {});
    const std::vector<std::int64_t> ids = golden.integers(i, "input_ids");
    const auto prompt = static_cast<std::size_t>(prompt_length(i));
    ASSERT_EQ(found.tokens.size(), ids.size());
    ASSERT_EQ(found.attributions.size(), ids.size() - prompt);
    ASSERT_TRUE(found.output);
    EXPECT_EQ(found.output->text, golden.cases[i].at("target").string());
    EXPECT_EQ(found.score, "log_probability");
    for (std::size_t t = 0; t < ids.size(); ++t) {
      EXPECT_EQ(found.tokens[t].id, ids[t]);
      EXPECT_EQ(found.tokens[t].side == Side::kOutput, t >= prompt);
      if (t < prompt) continue;
      const Attribution& attribution = found.attributions[t - prompt];
      EXPECT_EQ(attribution.index, ids[t]);
      EXPECT_EQ(attribution.position, static_cast<std::int64_t>(t));
      EXPECT_EQ(found.output->ids[t - prompt], ids[t]);
    }
  }
}

TEST_P(GoldenGeneration, GradientsOfEveryTarget) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    EXPECT_LT(test::relative_error(seen_scores(explain(i, "saliency", {{"score", "logit"}})),
                                   norms(golden.expected(i, "grad"))),
              2e-5);
    EXPECT_LT(test::relative_error(seen_scores(explain(i, "saliency", {})),
                                   norms(golden.expected(i, "grad_log_softmax"))),
              2e-5);
  }
}

TEST_P(GoldenGeneration, WhyThisWordAndNotAnother) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const std::string other = std::to_string(golden.cases[i].at("contrast_id").integer());
    const std::string first = std::to_string(prompt_length(i));
    const Explanation found =
        explain(i, "saliency", {{"score", "logit"}, {"versus", "#" + other}}, "token:" + first);
    EXPECT_LT(test::relative_error(seen_scores(found), norms(golden.expected(i, "grad_contrast"))),
              2e-5);
  }
}

TEST_P(GoldenGeneration, IntegratedGradientsFromZero) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found =
        explain(i, "integrated_gradients", {{"score", "logit"}, {"steps", "20"}});
    EXPECT_EQ(found.baseline->kind, "zero");
    const Tensor expected = golden.expected(i, "ig_zero/gausslegendre/20");
    EXPECT_LT(test::relative_error(seen_scores(found), expected), 1e-4);
    std::size_t k = 0;  // a delta is a sum of such scores, as far off as they are
    golden.cases[i].at("ig_delta").elements([&](const Json& delta) {
      EXPECT_NEAR(*found.attributions.at(k++).delta, delta.number(), 1e-4);
    });
  }
}

// One pass over the whole continuation gives what each token gets when nothing follows it: the
// definition, in which later tokens are not there.
TEST_P(GoldenGeneration, EqualsOneTokenAtATime) {
  for (const std::string method : {"integrated_gradients", "occlusion", "input_x_gradient"}) {
    OptionValues options{{"unit", "all_tokens"}};
    if (method == "integrated_gradients") options.emplace("steps", "7");
    const Explanation together = explain(0, method, options);
    const std::vector<std::int64_t> ids = golden.integers(0, "input_ids");
    for (const Attribution& all : together.attributions) {
      Request request{.method = method, .targets = {"next=#" + std::to_string(all.index)}};
      request.options = options;
      Input before;
      before.input_ids.assign(ids.begin(), ids.begin() + *all.position);
      const Explanation alone = subject.explain(before, request);
      const Attribution& one = alone.attributions.at(0);
      EXPECT_NEAR(one.value, all.value, 1e-5);
      for (std::size_t u = 0; u < one.scores.size(); ++u) {
        EXPECT_NEAR(one.scores[u], all.scores[u], 2e-5) << method;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenGeneration,
                         testing::Values("gpt2-lm", "opt-lm", "gpt-neox-lm", "bloom-lm", "llama-lm",
                                         "mistral-lm", "gemma-lm", "phi3-lm", "qwen2-lm",
                                         "qwen3-lm"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

// What interpreto gives a prompt and what was written so far: a row for each unit of the output,
// the mean of those of its tokens, and blind to the unit itself.
class GoldenGenerationInterpreto : public testing::TestWithParam<const char*> {
 protected:
  const Golden golden{"gpt2-lm"};
  const Subject subject = Subject::open(golden.folder);

  Explanation explain(const Json& record) const {
    Request request{.method = GetParam()};
    request.options = {{"unit", std::string(record.at("granularity").string())},
                       {"score", "logit"},
                       {"compat", "interpreto"}};
    if (const auto points = record.at("params").find("n_perturbations")) {
      request.options["steps"] = std::to_string(points->integer());
    }
    Input input;
    input.text = record.at("prompt").string();
    input.continuation = std::string(record.at("target").string());
    return subject.explain(input, request);
  }

  // The mean over the tokens of `target` of what they give `unit`.
  static double score(const Explanation& found, const UnitInfo& target, std::size_t unit) {
    double sum = 0;
    for (const std::int64_t token : target.tokens) {
      const auto row = std::find_if(found.attributions.begin(), found.attributions.end(),
                                    [&](const auto& each) { return each.position == token; });
      sum += static_cast<double>(row->scores.at(unit));
    }
    return sum / static_cast<double>(target.tokens.size());
  }
};

TEST_P(GoldenGenerationInterpreto, EveryRecord) {
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  int covered = 0;
  cases.at("interpreto").at("attributions").elements([&](const Json& record) {
    if (record.at("method").string() != GetParam()) return;
    SCOPED_TRACE(record.dump().substr(0, 200));
    const Explanation found = explain(record);
    auto target = std::find_if(found.units.begin(), found.units.end(),
                               [](const UnitInfo& each) { return each.side == Side::kOutput; });
    record.at("attributions").elements([&](const Json& row) {
      ASSERT_NE(target, found.units.end());
      std::size_t unit = 0;
      row.elements([&](const Json& expected) {
        if (found.units.at(unit).tokens.front() >= target->tokens.front()) {
          EXPECT_EQ(expected.number(), -9999.0);
        } else {
          EXPECT_NEAR(score(found, *target, unit), expected.number(), 2e-5);
        }
        ++unit;
      });
      EXPECT_EQ(unit, found.units.size());
      ++target;
    });
    EXPECT_EQ(target, found.units.end());
    ++covered;
  });
  EXPECT_EQ(covered, 9);
}

INSTANTIATE_TEST_SUITE_P(Methods, GoldenGenerationInterpreto,
                         testing::Values("occlusion", "saliency", "integrated_gradients"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// interpreto's recipes against that library's records for the golden checkpoints.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

const std::map<std::string, std::string, std::less<>> kUnits = {{"all_tokens", "all_tokens"},
                                                                {"token", "token"},
                                                                {"word", "word"},
                                                                {"part_sentence", "clause"},
                                                                {"sentence", "sentence"}};
const std::map<std::string, std::string, std::less<>> kScores = {
    {"logits", "logit"}, {"softmax", "probability"}, {"log_softmax", "log_probability"}};
// Of the largest magnitude expected. The records of the sampled methods were computed in single
// precision, from differences of scores that are small beside the scores: with our model in double
// precision they are as far off.
const std::map<std::string, double, std::less<>> kTolerances = {
    {"occlusion", 2e-5}, {"saliency", 2e-5},    {"integrated_gradients", 2e-5},
    {"lime", 1e-4},      {"kernel_shap", 1e-4}, {"sobol", 1e-4}};

class GoldenInterpreto : public testing::TestWithParam<std::string> {
 protected:
  Golden golden{GetParam()};
  Subject subject = Subject::open(golden.folder);

  Explanation explain(const Json& record) const {
    Request request;
    request.method = record.at("method").string();
    request.options["compat"] = "interpreto";
    if (request.method == "integrated_gradients") {
      request.options["aggregate"] = record.at("aggregation").string();
      request.options["steps"] =
          std::to_string(record.at("params").at("n_perturbations").integer());
    }
    if (request.method == "saliency") {
      request.options["aggregate"] = record.at("aggregation").string();
      if (!record.at("params").boolean_or("input_x_gradient", true)) {  // then nothing is unusual
        request.options.erase("compat");
        request.options["reduce"] = "mean_abs";
      }
    }
    request.targets.clear();
    record.at("targets").elements([&](const Json& index) {
      request.targets.push_back("#" + std::to_string(index.integer()));
    });
    request.options["unit"] = kUnits.find(record.at("granularity").string())->second;
    request.options["score"] = kScores.find(record.at("inference_mode").string())->second;
    Input input;
    input.text = record.at("text").string();
    if (const auto masks = record.find("masks")) {
      masks->elements([&](const Json& row) {
        std::string& mask = input.masks.emplace_back();
        row.elements([&](const Json& flag) { mask += flag.number() > 0 ? '1' : '0'; });
      });
    }
    return subject.explain(input, request);
  }

  bool is_unknown(const TokenInfo& token) const {
    return token.id == *subject.tokenizer().special_tokens().unk;
  }

  // interpreto takes a word that the vocabulary does not have for a special token, and leaves it
  // out of tokens, clauses and sentences, even where it is the mark that ends one; we do not.
  bool has_other_parts(const Explanation& found) const {
    return (found.unit == "clause" || found.unit == "sentence") &&
           std::any_of(found.tokens.begin(), found.tokens.end(),
                       [&](const TokenInfo& token) { return is_unknown(token); });
  }
  bool is_left_out(const Explanation& found, std::size_t unit) const {
    if (found.unit != "token") return false;
    const std::vector<std::int64_t>& tokens = found.units[unit].tokens;
    return tokens.size() == 1 && is_unknown(found.tokens[static_cast<std::size_t>(tokens[0])]);
  }
};

TEST_P(GoldenInterpreto, EveryRecord) {
  std::map<std::string, int> covered;
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  cases.at("interpreto").at("attributions").elements([&](const Json& record) {
    const std::string method(record.at("method").string());
    const auto tolerance = kTolerances.find(method);
    if (tolerance == kTolerances.end()) return;
    SCOPED_TRACE(record.dump().substr(0, 200));
    const Explanation found = explain(record);
    if (has_other_parts(found)) return;
    ++covered[method];
    std::vector<double> scores, expected;
    for (const Attribution& attribution : found.attributions) {
      for (std::size_t unit = 0; unit < found.units.size(); ++unit) {
        if (!is_left_out(found, unit)) {
          scores.push_back(static_cast<double>(attribution.scores[unit]));
        }
      }
    }
    record.at("attributions").elements([&](const Json& row) {
      row.elements([&](const Json& score) { expected.push_back(score.number()); });
    });
    ASSERT_EQ(scores.size(), expected.size());
    const Shape shape = {static_cast<std::int64_t>(scores.size())};
    EXPECT_LT(test::relative_error(Tensor::from<double>(scores, shape),
                                   Tensor::from<double>(expected, shape)),
              tolerance->second);
  });
  EXPECT_GE(covered["occlusion"], 10);
  EXPECT_GE(covered["saliency"], 20);
  EXPECT_GE(covered["integrated_gradients"], 10);
  for (const char* method : {"lime", "kernel_shap", "sobol"}) EXPECT_EQ(covered[method], 4);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenInterpreto,
                         testing::Values("bert-cls", "electra-cls", "distilbert-cls", "albert-cls",
                                         "mpnet-cls", "deberta-v2-cls", "modernbert-cls"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace ascribo

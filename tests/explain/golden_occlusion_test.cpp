// SPDX-License-Identifier: MIT
// Occlusion against interpreto's records for the golden checkpoints.
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
// Of the largest magnitude expected.
constexpr double kTolerance = 2e-5;

class GoldenOcclusion : public testing::TestWithParam<std::string> {
 protected:
  Golden golden{GetParam()};
  Subject subject = Subject::open(golden.folder);

  Explanation explain(const Json& record) const {
    Request request;
    request.method = "occlusion";
    request.targets.clear();
    record.at("targets").elements([&](const Json& index) {
      request.targets.push_back("#" + std::to_string(index.integer()));
    });
    request.options["unit"] = kUnits.find(record.at("granularity").string())->second;
    request.options["score"] = kScores.find(record.at("inference_mode").string())->second;
    Input input;
    input.text = record.at("text").string();
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

TEST_P(GoldenOcclusion, EveryRecord) {
  int covered = 0;
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  cases.at("interpreto").at("attributions").elements([&](const Json& record) {
    if (record.at("method").string() != "occlusion") return;
    SCOPED_TRACE(record.dump().substr(0, 200));
    const Explanation found = explain(record);
    if (has_other_parts(found)) return;
    ++covered;
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
              kTolerance);
  });
  EXPECT_GE(covered, 10);
  RecordProperty("records_covered", covered);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenOcclusion,
                         testing::Values("bert-cls", "electra-cls", "distilbert-cls", "albert-cls",
                                         "mpnet-cls", "deberta-v2-cls", "modernbert-cls"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace ascribo

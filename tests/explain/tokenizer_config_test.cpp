// SPDX-License-Identifier: MIT
// What the tokenizer's files decide: token types, and what stands in when a token is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/explain/inputs/type_ids.h"
#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "tests/explain/toy_subject.h"
#include "tests/stored_tensors.h"

namespace ascribo {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(TypeIds, FollowTheNamesOfTheModelsInputsThenTheClass) {
  const test::TempFolder folder;
  EXPECT_TRUE(uses_type_ids(folder.path()));
  const auto with = [&](const std::string& config) {
    test::write_text(folder.path() / "tokenizer_config.json", config);
    return uses_type_ids(folder.path());
  };
  EXPECT_TRUE(with("{}"));
  EXPECT_TRUE(with(R"({"tokenizer_class": "BertTokenizer"})"));
  EXPECT_FALSE(with(R"({"tokenizer_class": "TokenizersBackend"})"));
  EXPECT_TRUE(with(R"({"tokenizer_class": "TokenizersBackend",
                       "model_input_names": ["input_ids", "token_type_ids"]})"));
  EXPECT_FALSE(with(R"({"tokenizer_class": "BertTokenizer", "model_input_names": ["input_ids"]})"));
}

TEST(TypeIds, APairWithoutThemSaysSo) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-relu-pair");
  Request request;
  request.method = "occlusion";
  Input input;
  input.text = "what was dull?";
  input.pair = "the plot was dull.";
  const Explanation found = subject.explain(input, request);
  EXPECT_THAT(found.notes,
              ElementsAre("text and pair have the same token type: tokenizer_config.json does not "
                          "give the model token_type_ids"));
  EXPECT_EQ(found.input.pair, "the plot was dull.");
  EXPECT_EQ(found.units.back().side, Side::kPair);
  EXPECT_EQ(found.units[4].text, "the");
  EXPECT_EQ(found.units[4].start, 0);
}

// A vocabulary of six tokens without mask.
TEST(MissingTokens, TheLastOfTheTextStandsInForTheMaskAndThatIsSaid) {
  const test::TempFolder folder;
  test::write_text(folder.path() / "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\ngood\nfilm\n");
  const Subject subject =
      Subject::from(std::make_unique<toys::LinearModel>(test::linear_parameters(6),
                                                        std::vector<std::string>{"a", "b", "c"}),
                    Tokenizer::open(folder.path()));
  ASSERT_FALSE(subject.tokenizer().special_tokens().mask);
  Request request;
  request.method = "occlusion";
  Input input;
  input.text = "good film";
  const Explanation masked = subject.explain(input, request);
  EXPECT_THAT(masked.notes, Contains("replace: there is no mask token; [SEP] stands in"));
  request.options = {{"replace", "token:3"}};
  const Explanation named = subject.explain(input, request);
  EXPECT_EQ(masked.attributions[0].scores, named.attributions[0].scores);
  EXPECT_THAT(named.notes, testing::IsEmpty());
}

}  // namespace
}  // namespace ascribo

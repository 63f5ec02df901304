// SPDX-License-Identifier: MIT
// What is refused, and in what words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>

#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"
#include "tests/models/rewritten_checkpoint.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const Subject& bert() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

Input text(const std::string& written) {
  Input input;
  input.text = written;
  return input;
}

std::string refusal(Code code, const Input& input, const std::string& method = "occlusion",
                    OptionValues options = {}, std::vector<std::string> targets = {"predicted"},
                    const Subject& subject = bert()) {
  Request request;
  request.method = method;
  request.options = std::move(options);
  request.targets = std::move(targets);
  return error_of(code, [&] { subject.explain(input, request); });
}

std::string option_refusal(Code code, const std::string& method, const std::string& name,
                           const std::string& value) {
  return refusal(code, text("Bad."), method, {{name, value}});
}

TEST(BadRequest, UnknownMethodNamesTheNearest) {
  EXPECT_THAT(refusal(Code::kUnknownName, text("Bad."), "oclusion"),
              AllOf(StartsWith("[method] \"oclusion\" is not a method; expected "),
                    HasSubstr(", integrated_gradients, "),
                    EndsWith(". Hint: did you mean \"occlusion\"?")));
}

TEST(BadRequest, UnknownOptionNamesTheNearest) {
  EXPECT_THAT(option_refusal(Code::kUnknownName, "integrated_gradients", "step", "5"),
              AllOf(StartsWith("[options] \"step\" is not an option of integrated_gradients; "
                               "expected versus, score, unit"),
                    EndsWith("Hint: did you mean \"steps\"?")));
}

TEST(BadRequest, AnOptionOfAnotherMethodSaysWhichHasIt) {
  EXPECT_THAT(option_refusal(Code::kUnknownName, "occlusion", "steps", "5"),
              EndsWith("Hint: it is an option of integrated_gradients; use --method"));
}

TEST(BadRequest, UnknownLabelNamesTheNearest) {
  EXPECT_THAT(refusal(Code::kUnknownName, text("Bad."), "occlusion", {}, {"positve"}),
              EndsWith("Hint: did you mean \"positive\"?"));
  Input input = text("Bad.");
  input.targets = {"neutrl"};
  EXPECT_THAT(refusal(Code::kUnknownName, input), EndsWith("Hint: did you mean \"neutral\"?"));
}

TEST(BadRequest, TargetsOfOtherHeads) {
  EXPECT_THAT(refusal(Code::kUnsupported, text("Bad."), "occlusion", {}, {"mask=good"}),
              HasSubstr("is a target of a masked language model head"));
}

TEST(BadRequest, VersusEqualToTheTarget) {
  EXPECT_THAT(refusal(Code::kInvalidArgument, text("Bad."), "occlusion", {{"versus", "neutral"}},
                      {"neutral"}),
              StartsWith("[versus] target and versus are both \"neutral\""));
}

TEST(BadRequest, EmptyText) {
  const std::string expected = "[text] the text is empty; expected something to explain.";
  EXPECT_EQ(refusal(Code::kBadText, text("")), expected);
  EXPECT_EQ(refusal(Code::kBadText, text(" \n")),
            "[text] the text has no tokens but special ones; expected something to explain.");
  EXPECT_NO_THROW(bert().predict(text("")));
}

TEST(BadRequest, InvalidUtf8) {
  EXPECT_THAT(refusal(Code::kBadText, text("a \xff b")), HasSubstr("UTF-8"));
}

TEST(BadRequest, TooLongNamesTruncate) {
  std::string words;
  for (int i = 0; i < 100; ++i) words += "film ";
  EXPECT_EQ(
      refusal(Code::kTooLong, text(words)),
      "[text] 102 tokens, special tokens included, were given; expected at most the "
      "model's 80 positions. Hint: use --truncate to cut the text, or --window N to explain it in "
      "overlapping windows");
}

TEST(BadRequest, TextAndTokenIdsTogether) {
  Input both = text("Bad.");
  both.input_ids = {2, 3};
  EXPECT_EQ(refusal(Code::kInvalidArgument, both),
            "[input] both text and input_ids were given; expected one of them.");
}

TEST(BadRequest, TokenIdsOutsideTheVocabulary) {
  Input ids;
  ids.input_ids = {2, 12345, 3};
  EXPECT_THAT(refusal(Code::kInvalidArgument, ids), HasSubstr("12345"));
}

TEST(BadRequest, LayersThatAreNotThere) {
  EXPECT_EQ(option_refusal(Code::kInvalidArgument, "saliency", "at", "layer:99"),
            "[at] \"layer:99\" was given; expected layer:0 to layer:3 (layer:3 is the last hidden "
            "state).");
  EXPECT_THAT(option_refusal(Code::kUnknownName, "saliency", "at", "embedding"),
              EndsWith("Hint: did you mean \"embeddings\"?"));
}

TEST(BadRequest, StandInsThatAreNotThere) {
  EXPECT_EQ(option_refusal(Code::kInvalidArgument, "integrated_gradients", "baseline", "token:800"),
            "[baseline] \"token:800\" names no token of this model; expected token:0 to "
            "token:799.");
  EXPECT_EQ(option_refusal(Code::kUnknownName, "occlusion", "replace", "delet"),
            "[replace] \"delet\" was given; expected pad, mask, unk, zero, token:ID, delete or "
            "attention. Hint: did you mean \"delete\"?");
  EXPECT_THAT(option_refusal(Code::kUnknownName, "integrated_gradients", "baseline", "delete"),
              StartsWith("[baseline] \"delete\" was given; expected pad, mask, unk, zero"));
}

TEST(BadRequest, StepsAndBatches) {
  for (const char* steps : {"0", "-3", "10001"}) {
    EXPECT_EQ(
        option_refusal(Code::kInvalidArgument, "integrated_gradients", "steps", steps),
        "[integrated_gradients] steps is \"" + std::string(steps) + "\"; expected 1 to 10000.");
  }
  EXPECT_EQ(option_refusal(Code::kInvalidArgument, "occlusion", "batch_tokens", "0"),
            "[options] batch_tokens is \"0\"; expected at least 1.");
  EXPECT_EQ(refusal(Code::kInvalidArgument, text("Bad."), "integrated_gradients",
                    {{"rule", "trapezoid"}, {"steps", "1"}}),
            "[steps] trapezoid with 1 points was asked for; expected at least 2.");
}

TEST(BadRequest, HidingEverything) {
  Input one;
  one.input_ids = {555};
  EXPECT_EQ(refusal(Code::kUnsupported, one, "occlusion", {{"replace", "delete"}}),
            "[occlusion] \"bad\" is the whole input and replace is delete; expected something to "
            "be left for the model to read. Hint: use another --replace");
  EXPECT_THAT(refusal(Code::kUnsupported, one, "occlusion", {{"replace", "attention"}}),
              HasSubstr("replace is attention"));
}

TEST(BadRequest, AProbabilityOfARegression) {
  toys::LinearModel::Parameters parameters = test::linear_parameters(800);
  parameters.weight.resize(1);
  parameters.bias.resize(1);
  const test::Toy toy = test::toy_of(std::move(parameters), {"LABEL_0"}, Problem::kRegression);
  EXPECT_THAT(refusal(Code::kUnsupported, text("Bad."), "occlusion", {{"score", "probability"}},
                      {"predicted"}, toy.subject),
              StartsWith("[score] probability was asked of a regression"));
}

TEST(BadRequest, LogitsThatAreNotNumbers) {
  toys::LinearModel::Parameters parameters = test::linear_parameters(800);
  parameters.bias[1] = NAN;
  const test::Toy toy = test::toy_of(std::move(parameters), {"a", "b", "c"});
  EXPECT_EQ(
      refusal(Code::kBadCheckpoint, text("Bad."), "occlusion", {}, {"predicted"}, toy.subject),
      "[model] the logit of \"b\" is nan: every layer's output is finite, so it is the head's; "
      "expected finite numbers. Hint: the weights may be damaged, or their values too large for "
      "fp32");
}

TEST(BadRequest, LogitsThatAreNotNumbersNameTheLayer) {
  constexpr float kNotANumber = NAN;
  for (const auto& [weight, layer] : std::map<std::string, std::string>{
           {"bert.encoder.layer.1.output.dense.weight", "layer 1 is the first whose output is not"},
           {"bert.embeddings.word_embeddings.weight", "the embeddings are not finite"}}) {
    test::Rewritten broken("bert-cls");
    std::string& bytes = broken.tensors.at(weight).bytes;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(float)) {
      std::memcpy(bytes.data() + at, &kNotANumber, sizeof(float));
    }
    const Subject subject =
        Subject::from(broken.open(), Tokenizer::open(test::golden_folder() / "bert-cls"));
    EXPECT_THAT(
        refusal(Code::kBadCheckpoint, text("Bad."), "occlusion", {}, {"predicted"}, subject),
        HasSubstr(layer));
  }
}

TEST(BadRequest, ScoresThatAreNotNumbers) {
  toys::LinearModel::Parameters parameters = test::linear_parameters(800);
  for (float& value : parameters.words[0]) value = 3e38F;  // [PAD], which the path starts from
  for (std::vector<float>& row : parameters.weight) row.assign(3, 1e-3F);
  parameters.weight[0].assign(3, 1e8F);
  parameters.bias.assign(3, 0);
  const test::Toy toy = test::toy_of(std::move(parameters), {"a", "b", "c"});
  Request request;
  request.options = {{"baseline", "pad"}};
  error_of(Code::kBadCheckpoint, [&] { toy.subject.explain(text("Bad."), request); });
}

TEST(BadRequest, ModelsThatAreNotThere) {
  EXPECT_EQ(error_of(Code::kNotFound, [] { find_model("no/such/folder"); }),
            "[model] there is no folder \"no/such/folder\"; expected a checkpoint folder with "
            "config.json and weights.");
  EXPECT_THAT(
      error_of(Code::kNotFound, [] { find_model("nobody/nothing"); }),
      AllOf(StartsWith("[model] there is no folder \"nobody/nothing\", and no such model in the "
                       "Hugging Face cache "),
            EndsWith("Hint: hf download nobody/nothing fetches it; HF_HOME may name another "
                     "cache")));
  EXPECT_THAT(error_of(Code::kNotFound, [] { find_model("sst2-minlm"); }),
              AllOf(StartsWith("[model] there is no folder or model \"sst2-minlm\" in "),
                    EndsWith("Hint: did you mean \"sst2-minilm\"?")));
}

TEST(BadRequest, LabelsThatDoNotFit) {
  EXPECT_EQ(error_of(Code::kInvalidArgument,
                     [] {
                       Subject::open(test::golden_folder() / "bert-cls", {.labels = {"a", "b"}});
                     }),
            "[labels] 2 were given; expected one for each of the model's 3 outputs.");
}

TEST(BadRequest, TextsWithoutATokenizer) {
  auto model = std::make_unique<toys::LinearModel>(test::linear_parameters(10),
                                                   std::vector<std::string>{"a", "b", "c"});
  const Subject subject = Subject::from(std::move(model), nullptr);
  EXPECT_EQ(refusal(Code::kUnsupported, text("Bad."), "occlusion", {{"replace", "zero"}},
                    {"predicted"}, subject),
            "[input] a text was given to a model without tokenizer; expected input_ids.");
  EXPECT_EQ(error_of(Code::kUnsupported, [&] { subject.tokenizer(); }),
            "[subject] there is no tokenizer; expected one for texts.");
  Input ids;
  ids.input_ids = {3, 4};
  EXPECT_EQ(refusal(Code::kUnsupported, ids, "occlusion", {}, {"predicted"}, subject),
            "[replace] \"mask\" was given, but the tokenizer names no such token; expected a token "
            "that it names. Hint: name one by its id, token:ID, or use zero");
  Request request;
  request.method = "occlusion";
  request.options = {{"replace", "token:1"}};
  EXPECT_EQ(subject.explain(ids, request).units[1].text, "#4");
}

}  // namespace
}  // namespace ascribo

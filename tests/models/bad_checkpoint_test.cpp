// SPDX-License-Identifier: MIT
// What does not make up a model is refused, and the message says what to look at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"

namespace ascribo::test {
namespace {

using testing::HasSubstr;

std::string refusal(const Rewritten& checkpoint, Code code = Code::kBadCheckpoint) {
  return error_text(code, [&] { checkpoint.open(); });
}

TEST(BadCheckpoint, NoSuchFolder) {
  const TempFolder folder;
  const std::filesystem::path missing = folder.path() / "nothing";
  EXPECT_EQ(error_text(Code::kNotFound, [&] { Model::open(missing); }),
            "[model] there is no folder " + missing.string() +
                "; expected a folder with config.json and weights.");
  write_text(folder.path() / "file", "");
  EXPECT_THAT(error_text(Code::kNotFound, [&] { Model::open(folder.path() / "file"); }),
              HasSubstr("there is no folder"));
}

TEST(BadCheckpoint, NotACheckpoint) {
  const TempFolder folder;
  EXPECT_EQ(error_text(Code::kBadCheckpoint, [&] { Model::open(folder.path()); }),
            "[model] " + folder.path().string() +
                " is not a checkpoint: it has no config.json; "
                "expected a folder with config.json and weights.");
  write_text(folder.path() / "config.json", "{\"model_type\": \"bert\"}");
  EXPECT_THAT(error_text(Code::kNotFound, [&] { Model::open(folder.path()); }),
              HasSubstr("the folder has no weights"));
}

TEST(BadCheckpoint, ConfigIsNotJson) {
  Rewritten checkpoint("bert-cls");
  checkpoint.config = "{\"model_type\": ";
  EXPECT_THAT(refusal(checkpoint, Code::kBadFile), HasSubstr("config.json"));
  checkpoint.config = "[1, 2]";
  EXPECT_THAT(refusal(checkpoint, Code::kBadFile), HasSubstr("config.json"));
}

TEST(BadCheckpoint, UnknownArchitecture) {
  Rewritten checkpoint("bert-cls");
  checkpoint.edit_config("BertForSequenceClassification", "BertForMultipleChoice");
  EXPECT_EQ(refusal(checkpoint, Code::kUnknownName),
            "[config.json] architectures names \"BertForMultipleChoice\"; expected, for model_type "
            "\"bert\", BertForSequenceClassification, BertForTokenClassification, "
            "BertForQuestionAnswering, BertForMaskedLM, BertForPreTraining or BertModel.");
  checkpoint.edit_config("\"model_type\": \"bert\"", "\"model_type\": \"brt\"");
  EXPECT_THAT(refusal(checkpoint, Code::kUnknownName),
              testing::AllOf(HasSubstr("model_type is \"brt\"; expected albert, bert, "),
                             HasSubstr("Hint: did you mean \"bert\"?")));
  checkpoint.drop_from_config("model_type");
  EXPECT_THAT(refusal(checkpoint, Code::kUnknownName),
              testing::AllOf(HasSubstr("architectures names \"BertForMultipleChoice\"; expected"),
                             HasSubstr("DistilBertForSequenceClassification")));
  checkpoint.drop_from_config("architectures");
  checkpoint.rename([](const std::string& name) { return "some." + name; });
  EXPECT_THAT(refusal(checkpoint), HasSubstr("neither model_type nor architectures"));
}

TEST(BadCheckpoint, MissingWeight) {
  Rewritten checkpoint("bert-cls");
  checkpoint.tensors.erase("bert.encoder.layer.1.attention.self.key.weight");
  EXPECT_EQ(refusal(checkpoint),
            "[weights] \"bert.encoder.layer.1.attention.self.key.weight\" is missing; "
            "expected a weight of shape [32, 32]. Hint: did you mean "
            "\"bert.encoder.layer.0.attention.self.key.weight\"?");
  checkpoint = Rewritten("bert-cls");
  checkpoint.tensors.erase("classifier.weight");
  EXPECT_THAT(refusal(checkpoint), HasSubstr("[weights] \"classifier.weight\" is missing"));
}

TEST(BadCheckpoint, MisshapedWeight) {
  Rewritten checkpoint("distilbert-cls");
  checkpoint.tensors["distilbert.transformer.layer.0.ffn.lin1.weight"] = zeros("F32", {32, 64});
  EXPECT_EQ(refusal(checkpoint),
            "[weights] \"distilbert.transformer.layer.0.ffn.lin1.weight\" has shape [32, 64]; "
            "expected [64, 32], as config.json says.");
  checkpoint = Rewritten("bert-cls");
  checkpoint.tensors["bert.embeddings.LayerNorm.bias"] = zeros("F32", {31});
  EXPECT_EQ(refusal(checkpoint),
            "[weights] \"bert.embeddings.LayerNorm.bias\" has shape [31]; "
            "expected [32], as config.json says.");
  checkpoint = Rewritten("electra-cls");
  checkpoint.tensors["classifier.out_proj.weight"] = zeros("F32", {96});
  EXPECT_THAT(refusal(checkpoint), HasSubstr("\"classifier.out_proj.weight\" has shape [96]"));
}

TEST(BadCheckpoint, WeightOfIntegers) {
  Rewritten checkpoint("bert-cls");
  checkpoint.tensors["bert.pooler.dense.weight"] = zeros("I64", {32, 32});
  EXPECT_THAT(refusal(checkpoint, Code::kUnsupported),
              HasSubstr("\"bert.pooler.dense.weight\" is I64; expected F32, F64, F16 or BF16"));
}

TEST(BadCheckpoint, LabelsThatContradictTheHead) {
  Rewritten checkpoint("bert-cls");
  checkpoint.edit_config("\"1\": \"neutral\",", "");
  EXPECT_EQ(
      refusal(checkpoint),
      "[config.json] id2label names 2 labels: {\"0\":\"negative\",\"2\":\"positive\"}, but "
      "weight \"classifier.weight\" has 3 rows; expected one label for each row. Hint: correct "
      "config.json, or the head belongs to another model");
  checkpoint.edit_config("\"0\": \"negative\",", "\"0\": \"negative\", \"7\": \"neutral\",");
  EXPECT_THAT(refusal(checkpoint), HasSubstr("id2label names 3 labels"));
  checkpoint.edit_config("\"7\"", "\"seven\"");
  EXPECT_EQ(refusal(checkpoint),
            "[config.json] id2label has the key \"seven\"; expected the number of an output, "
            "from \"0\" on.");
  checkpoint.drop_from_config("id2label");
  checkpoint.add_to_config("\"num_labels\": 4");
  EXPECT_THAT(refusal(checkpoint),
              HasSubstr("num_labels is 4, but weight \"classifier.weight\" has 3 rows"));
}

TEST(BadCheckpoint, WhatWouldComputeSomethingElse) {
  const auto refused = [](const std::string& golden, const std::string& field) {
    Rewritten checkpoint(golden);
    checkpoint.add_to_config(field);
    return refusal(checkpoint, Code::kUnsupported);
  };
  EXPECT_EQ(refused("bert-cls", "\"position_embedding_type\": \"relative_key\""),
            "[config.json] position_embedding_type is \"relative_key\"; expected \"absolute\".");
  EXPECT_EQ(
      refused("distilbert-cls", "\"pruned_heads\": {\"1\": [0, 2]}"),
      "[config.json] pruned_heads is {\"1\":[0,2]}; expected layers that have all of their heads.");
  EXPECT_EQ(refused("electra-cls", "\"problem_type\": \"ranking\""),
            "[config.json] problem_type is \"ranking\"; expected single_label_classification, "
            "multi_label_classification or regression.");
  Rewritten decoder("electra-cls");
  decoder.edit_config("\"is_decoder\": false", "\"is_decoder\": true");
  EXPECT_EQ(refusal(decoder, Code::kUnsupported),
            "[config.json] is_decoder is true; expected an encoder, in which every token sees "
            "every other.");
  Rewritten activation("bert-cls");
  activation.edit_config("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"gellu\"");
  EXPECT_THAT(refusal(activation, Code::kUnsupported),
              testing::AllOf(HasSubstr("[config.json] hidden_act is \"gellu\"; expected "),
                             HasSubstr("gelu_new")));
}

TEST(BadCheckpoint, SizesThatCannotBe) {
  Rewritten checkpoint("bert-cls");
  checkpoint.edit_config("\"num_attention_heads\": 4", "\"num_attention_heads\": 5");
  EXPECT_EQ(refusal(checkpoint),
            "[config.json] hidden_size is 32 with 5 num_attention_heads; "
            "expected a multiple of the number of heads.");
  checkpoint.edit_config("\"num_attention_heads\": 5", "\"num_attention_heads\": 0");
  EXPECT_EQ(refusal(checkpoint), "[config.json] num_attention_heads is 0; expected at least 1.");
  checkpoint = Rewritten("bert-cls");
  checkpoint.edit_config("1e-12", "0");
  EXPECT_EQ(refusal(checkpoint),
            "[config.json] layer_norm_eps is 0.000000; expected a number above 0.");
}

TEST(BadBatch, SaysWhatIsOutOfRange) {
  const auto model = Model::open(golden_folder() / "bert-cls");
  const auto text = [&](Code code, const Sequence& sequence) {
    return error_text(code, [&] { logits_of(*model, batch_of({sequence})); });
  };
  Sequence sequence = plain_sequence({2, 800, 3});
  EXPECT_EQ(text(Code::kInvalidArgument, sequence),
            "[model] token id 800 at row 1; expected 0 to 799.");
  EXPECT_EQ(error_text(Code::kInvalidArgument, [&] { model->word_embeddings({-1}); }),
            "[model] token id -1 at row 0; expected 0 to 799.");
  sequence = plain_sequence({2, 5, 3});
  sequence.positions[2] = 80;
  EXPECT_EQ(text(Code::kInvalidArgument, sequence),
            "[model] position 80 at row 2; expected 0 to 79.");
  sequence = plain_sequence({2, 5, 3});
  sequence.type_ids[1] = 2;
  EXPECT_EQ(text(Code::kInvalidArgument, sequence),
            "[model] token type 2 at row 1; expected 0 to 1.");
  EXPECT_EQ(text(Code::kInvalidArgument, Sequence()),
            "[model] sequence 0 has no tokens; expected at least one.");
  EXPECT_EQ(
      text(Code::kTooLong, plain_sequence(std::vector<std::int64_t>(81, 5))),
      "[model] sequence 0 has 81 tokens; expected at most 80 with special tokens, the positions of "
      "this model. Hint: --truncate cuts longer texts");
}

// A model without token types takes whatever types a tokenizer gives.
TEST(BadBatch, TypesOfAModelWithoutTypes) {
  const auto model = Model::open(golden_folder() / "distilbert-cls");
  Sequence sequence = plain_sequence({2, 5, 3});
  const auto expected = logits_of(*model, batch_of({sequence})).to_vector<float>();
  sequence.type_ids = {0, 1, 1};
  EXPECT_EQ(logits_of(*model, batch_of({sequence})).to_vector<float>(), expected);
}

}  // namespace
}  // namespace ascribo::test

// SPDX-License-Identifier: MIT
// vocab.json and merges.txt without a tokenizer.json, in each family.
#include <gmock/gmock.h>

#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using test::ScratchFolder;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kVocab =
    R"({"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"a":4,"b":5,"\u0120":6,"ab":7,"\u0120ab":8,"1":9,
    "<mask>":10,"<|endoftext|>":11,"\"":12,"\"a":13})";
constexpr const char* kMerges = "#version: 0.2\na b\n\xC4\xA0 ab\n\" a\n";

struct Files {
  ScratchFolder folder;
  Files() { folder.write("vocab.json", kVocab).write("merges.txt", kMerges); }
  std::unique_ptr<Tokenizer> open(const std::string& config) {
    return Tokenizer::open(folder.write("tokenizer_config.json", config).path());
  }
};

TEST(VocabJson, RobertaByItsClass) {
  Files files;
  const auto tokenizer = files.open(R"({"tokenizer_class":"RobertaTokenizer"})");
  const Encoding pair = tokenizer->encode("ab ab <mask>", "\"ab");
  EXPECT_THAT(pair.ids, ElementsAre(0, 7, 8, 10, 2, 2, 12, 7, 2));
  EXPECT_THAT(pair.type_ids, ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_EQ(pair.offsets[2], (Encoding::Offset{3, 5}));
  EXPECT_EQ(pair.tokens[3], " <mask>");
  EXPECT_EQ(pair.offsets[3], (Encoding::Offset{6, 12}));
  EXPECT_EQ(tokenizer->decode(pair.ids), "ab ab\"ab");
  EXPECT_EQ(tokenizer->special_tokens().mask, 10);
  EXPECT_EQ(tokenizer->special_tokens().pad, 1);
  EXPECT_EQ(tokenizer->vocabulary_size(), 14);
  EXPECT_THAT(files.open(R"({"tokenizer_class":"BartTokenizerFast","add_prefix_space":true})")
                  ->encode("ab")
                  .ids,
              ElementsAre(0, 8, 2));
}

TEST(VocabJson, RobertaByTheModelWithOtherNames) {
  Files files;
  files.folder.write("config.json", R"({"model_type":"roberta"})");
  const auto tokenizer = files.open(
      R"({"mask_token":{"content":"<mask>","lstrip":false},"cls_token":"a","sep_token":"b"})");
  EXPECT_THAT(tokenizer->encode(" <mask>").ids, ElementsAre(4, 6, 10, 5));
  EXPECT_THAT(
      error_of(Code::kBadFile, [&] { files.open(R"({"sep_token":"[SEP]"})"); }),
      HasSubstr("vocab.json] the token \"[SEP]\" is missing; expected it in the vocabulary. "
                "Hint: tokenizer_config.json can name another token"));
}

TEST(VocabJson, Gpt2AddsNothingUnlessTold) {
  Files files;
  const auto tokenizer = files.open(R"({"tokenizer_class":"GPT2Tokenizer"})");
  EXPECT_THAT(tokenizer->encode("ab ab", "<|endoftext|>").ids, ElementsAre(7, 8, 11));
  EXPECT_EQ(tokenizer->encode("ab ab").offsets[1], (Encoding::Offset{2, 5}));
  EXPECT_EQ(tokenizer->special_tokens().eos, 11);
  EXPECT_EQ(tokenizer->special_tokens().pad, std::nullopt);
  const auto opt =
      files.open(R"({"tokenizer_class":"GPT2Tokenizer","bos_token":"</s>","add_bos_token":true})");
  const Encoding pair = opt->encode("ab", "a");
  EXPECT_THAT(pair.ids, ElementsAre(2, 7, 4));
  EXPECT_THAT(pair.type_ids, ElementsAre(0, 0, 1));
}

TEST(VocabJson, Qwen2TakesDigitsOneByOneAndComposes) {
  Files files;
  const auto tokenizer = files.open(
      R"({"tokenizer_class":"Qwen2Tokenizer","added_tokens_decoder":{"14":{"content":"<|im|>",
          "special":true}}})");
  EXPECT_THAT(tokenizer->encode("11 ab<|im|>").word_ids, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(tokenizer->encode("11 ab<|im|>").ids, ElementsAre(9, 9, 8, 14));
  EXPECT_THAT(tokenizer->stages(), testing::Contains("normalizer: NFC"));
}

TEST(VocabJson, NeedsToKnowTheFamily) {
  Files files;
  EXPECT_THAT(error_of(Code::kUnsupported, [&] { files.open(R"({"tokenizer_class":"Other"})"); }),
              HasSubstr("vocab.json] the tokenizer_class is \"Other\" and the model_type is \"\"; "
                        "expected one of RobertaTokenizer, GPT2Tokenizer, Qwen2Tokenizer, or a "
                        "model_type that goes with them. Hint: a tokenizer.json in the folder"));
  files.folder.write("merges.txt", "a b\na z\n");
  EXPECT_THAT(
      error_of(Code::kBadFile, [&] { files.open(R"({"tokenizer_class":"GPT2Tokenizer"})"); }),
      HasSubstr("merge 1 (\"a\", \"z\") needs \"z\""));
}

}  // namespace
}  // namespace ascribo

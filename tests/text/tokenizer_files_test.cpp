// SPDX-License-Identifier: MIT
// Folders as people have them: vocab.txt alone, special tokens named in several ways, bad files.
#include <gmock/gmock.h>

#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using test::ScratchFolder;
using test::SmallTokenizer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kVocab =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nete\n\u00E9t\u00E9\n\u00C9t\u00E9\n##"
    "s\n\u4E2D\n\u4E2D\u6587\n\"\n\\\n";

std::vector<std::int64_t> ids(const Tokenizer& tokenizer, std::string_view text) {
  return tokenizer.encode(text, {}, false).ids;
}

TEST(VocabTxt, IsThePublishedPipeline) {
  const auto tokenizer = Tokenizer::open(ScratchFolder().write("vocab.txt", kVocab).path());
  const Encoding pair = tokenizer->encode("\u00C9t\u00E9s", "[MASK]\u4E2D\\\"");
  EXPECT_THAT(pair.ids, ElementsAre(2, 5, 8, 3, 4, 9, 12, 11, 3));
  EXPECT_THAT(pair.type_ids, ElementsAre(0, 0, 0, 0, 1, 1, 1, 1, 1));
  EXPECT_EQ(tokenizer->decode({5, 8, 3}), "etes");
  EXPECT_EQ(tokenizer->vocabulary_size(), 13);
  EXPECT_EQ(tokenizer->special_tokens().mask, 4);
  EXPECT_TRUE(tokenizer->is_special(4));
}

TEST(VocabTxt, SettingsComeFromTheConfig) {
  const auto open = [](const char* config) {
    return Tokenizer::open(
        ScratchFolder().write("vocab.txt", kVocab).write("tokenizer_config.json", config).path());
  };
  EXPECT_THAT(ids(*open(R"({"do_lower_case":false})"), "\u00C9t\u00E9s"), ElementsAre(7, 8));
  EXPECT_THAT(ids(*open(R"({"strip_accents":false})"), "\u00C9t\u00E9s"), ElementsAre(6, 8));
  EXPECT_THAT(ids(*open(R"({"tokenize_chinese_chars":false})"), "\u4E2D\u6587"), ElementsAre(10));
  EXPECT_THAT(ids(*open("{}"), "\u4E2D\u6587"), ElementsAre(9, 1));
}

TEST(VocabTxt, LinesOfWindowsAndLinesThatComeTwice) {
  const auto tokenizer = Tokenizer::open(
      ScratchFolder().write("vocab.txt", "[UNK]\r\n[CLS]\r\n[SEP]\r\nfilm\r\na\r\nfilm").path());
  EXPECT_THAT(tokenizer->encode("a film").ids, ElementsAre(1, 4, 5, 2));
  EXPECT_EQ(tokenizer->token(3), "");
  EXPECT_EQ(tokenizer->token(5), "film");
  EXPECT_EQ(tokenizer->special_tokens().pad, std::nullopt);
}

TEST(VocabTxt, OtherNamesAndTokensBeyond) {
  ScratchFolder folder;
  folder.write("vocab.txt", "<unk>\n<s>\n</s>\nfilm\n");
  folder.write("special_tokens_map.json", R"({"unk_token":"<unk>","cls_token":{"content":"<s>"},
      "sep_token":"</s>","additional_special_tokens":["<A>"]})");
  folder.write("added_tokens.json", R"({"<b>":5,"<A>":4})");
  const auto tokenizer = Tokenizer::open(folder.path());
  EXPECT_THAT(tokenizer->encode("<A><b> film x").ids, ElementsAre(1, 4, 5, 3, 0, 2));
  EXPECT_TRUE(tokenizer->is_special(4));
  EXPECT_FALSE(tokenizer->is_special(5));
  EXPECT_EQ(tokenizer->special_tokens().cls, 1);
  EXPECT_EQ(tokenizer->special_tokens().unk, 0);
  folder.write("tokenizer_config.json",
               R"({"added_tokens_decoder":{"4":{"content":"<c>","lstrip":true}}})");
  EXPECT_THAT(Tokenizer::open(folder.path())->encode("film <c>").ids, ElementsAre(1, 3, 4, 2));
  folder.write("tokenizer_config.json", R"({"added_tokens_decoder":{"4x":{"content":"<c>"}}})");
  EXPECT_THAT(error_of(Code::kBadFile, [&] { Tokenizer::open(folder.path()); }),
              HasSubstr("added_tokens_decoder has the key \"4x\"; expected token ids"));
}

TEST(VocabTxt, NeedsItsSpecialTokens) {
  const auto message = [](const char* vocab) {
    return error_of(Code::kBadFile,
                    [&] { Tokenizer::open(ScratchFolder().write("vocab.txt", vocab).path()); });
  };
  EXPECT_THAT(message("[UNK]\n[CLS]\nfilm\n"),
              HasSubstr("vocab.txt] the token \"[SEP]\" is missing; expected it on a line of its "
                        "own. Hint: tokenizer_config.json can name another token"));
  EXPECT_THAT(message("[CLS]\n[SEP]\n"), HasSubstr("the unknown token \"[UNK]\" is not"));
  EXPECT_THAT(message(""), HasSubstr("\"[CLS]\" is missing"));
  EXPECT_THAT(message("[CLS]\n\xFF\n"), HasSubstr("UTF-8"));
}

TEST(TokenizerFiles, RolesByNameOrAsUsual) {
  ScratchFolder folder;
  folder.write("tokenizer.json", SmallTokenizer().json());
  SpecialTokens special = Tokenizer::open(folder.path())->special_tokens();
  EXPECT_EQ(special.pad, 0);
  EXPECT_EQ(special.unk, 1);
  EXPECT_EQ(special.cls, 2);
  EXPECT_EQ(special.sep, 3);
  EXPECT_EQ(special.mask, 4);
  EXPECT_EQ(special.bos, std::nullopt);
  folder.write("tokenizer_config.json", R"({"pad_token":{"content":"film"},"bos_token":"a",
      "eos_token":"gone","mask_token":null})");
  folder.write("special_tokens_map.json", R"({"pad_token":"a","sep_token":"."})");
  special = Tokenizer::open(folder.path())->special_tokens();
  EXPECT_EQ(special.pad, 5);
  EXPECT_EQ(special.bos, 8);
  EXPECT_EQ(special.eos, std::nullopt);
  EXPECT_EQ(special.mask, 4);
  EXPECT_EQ(special.sep, 10);
}

TEST(TokenizerFiles, TokensThatOnlyTheConfigNamesAreAdded) {
  SmallTokenizer small;
  small.added = "[]";
  ScratchFolder folder;
  folder.write("tokenizer.json", small.json());
  EXPECT_EQ(ids(*Tokenizer::open(folder.path()), "[MASK]").size(), 3U);
  folder.write("tokenizer_config.json",
               R"({"mask_token":"[MASK]","additional_special_tokens":["[NONE]","good"]})");
  const auto tokenizer = Tokenizer::open(folder.path());
  EXPECT_THAT(ids(*tokenizer, "[MASK]good"), ElementsAre(4, 14));
  EXPECT_TRUE(tokenizer->is_special(4));
  EXPECT_EQ(tokenizer->find_token("[NONE]"), std::nullopt);
}

TEST(TokenizerFiles, StoredTruncationAndPaddingAreIgnored) {
  std::string json = SmallTokenizer().json();
  json.insert(1, R"("truncation":{"max_length":3,"strategy":"LongestFirst","stride":0},
      "padding":{"strategy":{"Fixed":8},"direction":"Right","pad_id":0,"pad_token":"[PAD]"},)");
  const auto tokenizer = Tokenizer::open(ScratchFolder().write("tokenizer.json", json).path());
  EXPECT_THAT(tokenizer->encode("a a a film").ids, ElementsAre(2, 8, 8, 8, 5, 3));
}

TEST(TokenizerFiles, MissingOrBroken) {
  EXPECT_THAT(error_of(Code::kNotFound, [] { Tokenizer::open("/no/such/folder"); }),
              StartsWith("[/no/such/folder] there is no such folder"));
  EXPECT_THAT(
      error_of(Code::kNotFound, [] { Tokenizer::open(ScratchFolder().path()); }),
      HasSubstr("there is no tokenizer.json, no vocab.txt, no vocab.json with merges.txt, and no "
                "sentencepiece model; expected a checkpoint folder"));
  const auto message = [](const std::string& json) {
    return error_of(Code::kBadFile,
                    [&] { Tokenizer::open(ScratchFolder().write("tokenizer.json", json).path()); });
  };
  EXPECT_THAT(message(SmallTokenizer().json().substr(0, 300)), HasSubstr("tokenizer.json]"));
  EXPECT_THAT(message("{}"), HasSubstr("\"model\""));
  EXPECT_THAT(message(R"({"model":{"type":"WordPiece","unk_token":"[UNK]"}})"),
              HasSubstr("\"vocab\""));
  EXPECT_THAT(message(R"({"model":{}})"), HasSubstr("\"type\""));
  EXPECT_THAT(message(R"({"model":[]})"), HasSubstr("\"model\""));
  EXPECT_THAT(message(R"({"added_tokens":{},"model":{}})"), HasSubstr("\"added_tokens\""));
}

TEST(Tokenizer, RefusesInvalidUtf8AndAcceptsNothing) {
  const auto tokenizer = SmallTokenizer().open();
  EXPECT_THAT(error_of(Code::kBadText, [&] { tokenizer->encode("film\xC3"); }),
              StartsWith("[text] byte 4 is not valid UTF-8"));
  EXPECT_THAT(error_of(Code::kBadText, [&] { tokenizer->encode("a", "\xED\xA0\x80"); }),
              StartsWith("[pair] byte 0 is not valid UTF-8"));
  EXPECT_THAT(tokenizer->encode("").ids, ElementsAre(2, 3));
  EXPECT_THAT(tokenizer->encode("", "").ids, ElementsAre(2, 3, 3));
  EXPECT_TRUE(tokenizer->encode("", {}, false).ids.empty());
  EXPECT_EQ(tokenizer->token(99), "");
  EXPECT_EQ(tokenizer->token(-1), "");
}

}  // namespace
}  // namespace ascribo

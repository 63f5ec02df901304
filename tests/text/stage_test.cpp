// SPDX-License-Identifier: MIT
// The stages by themselves, their settings, and descriptions that do not make sense.
#include "ascribo/text/stage.h"

#include <gmock/gmock.h>

#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using test::SmallTokenizer;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

Json parse(const std::string& json) { return Json::parse(json, "t.json"); }

std::string normalize(const std::string& options, std::string_view utf8) {
  NormalizedText text(utf8);
  make_normalizer(parse(R"({"type":"BertNormalizer")" + options + "}"), "t.json")->apply(text);
  return text.utf8();
}

TEST(BertNormalizer, AccentsGoWhereCaseGoesUnlessSaid) {
  EXPECT_EQ(normalize("", "\u00C9T\u00C9"), "ete");
  EXPECT_EQ(normalize(R"(,"lowercase":false)", "\u00C9T\u00C9"), "\u00C9T\u00C9");
  EXPECT_EQ(normalize(R"(,"strip_accents":null,"lowercase":false)", "\u00C9"), "\u00C9");
  EXPECT_EQ(normalize(R"(,"strip_accents":false)", "\u00C9T\u00C9"), "\u00E9t\u00E9");
  EXPECT_EQ(normalize(R"(,"strip_accents":true,"lowercase":false)", "\u00C9T\u00C9"), "ETE");
}

TEST(BertNormalizer, EachStepCanBeLeftOut) {
  EXPECT_EQ(normalize("", "a\tb\u200Bc\u4E2D"), "a bc \u4E2D ");
  EXPECT_EQ(normalize(R"(,"clean_text":false)", "a\tb\u200Bc\u4E2D"), "a\tb\u200Bc \u4E2D ");
  EXPECT_EQ(normalize(R"(,"handle_chinese_chars":false)", "a\u4E2Db"), "a\u4E2Db");
}

TEST(BertPreTokenizer, CutsAtSpaceAndAroundPunctuation) {
  const auto stage = make_pre_tokenizer(parse(R"({"type":"BertPreTokenizer"})"), "t.json");
  std::vector<Split> splits;
  splits.push_back({NormalizedText(" don't\u3000stop...  "), {}});
  stage->apply(splits);
  std::vector<std::string> words;
  for (const Split& split : splits) words.push_back(split.text.utf8());
  EXPECT_THAT(words, ElementsAre("don", "'", "t", "stop", ".", ".", "."));
}

TEST(WordPiece, TakesTheLongestPieceFromTheLeft) {
  const auto vocabulary =
      make_vocabulary(parse(R"({"type":"WordPiece","max_input_chars_per_word":6,"unk_token":"?",
                "continuing_subword_prefix":"@","vocab":{"?":0,"ab":1,"a":2,"@bc":3,"@c":4,
                "@\u00e9":5}})"),
                      "t.json");
  const auto ids = [&](std::string_view word) {
    std::vector<Token> tokens;
    vocabulary->tokenize(NormalizedText(word), tokens);
    std::vector<std::int64_t> result;
    for (const Token& token : tokens) result.push_back(token.id);
    return result;
  };
  EXPECT_THAT(ids("abc"), ElementsAre(1, 4));
  EXPECT_THAT(ids("abcc\u00E9"), ElementsAre(1, 4, 4, 5));
  EXPECT_THAT(ids("ac"), ElementsAre(2, 4));
  EXPECT_THAT(ids("abd"), ElementsAre(0));
  EXPECT_THAT(ids("c"), ElementsAre(0));
  EXPECT_THAT(ids("accccc"), ElementsAre(2, 4, 4, 4, 4, 4));
  EXPECT_THAT(ids("acccccc"), ElementsAre(0));
  EXPECT_EQ(vocabulary->unknown(), 0);
}

TEST(WordPiece, IsRecognisedWithoutType) {
  SmallTokenizer small;
  small.model = R"({"unk_token":"[UNK]","max_input_chars_per_word":100,"vocab":)";
  EXPECT_THAT(small.open()->encode("films").ids, ElementsAre(2, 5, 6, 3));
}

TEST(WordPiece, NeedsItsUnknownToken) {
  SmallTokenizer small;
  small.model = R"({"type":"WordPiece","unk_token":"<unk>","vocab":)";
  EXPECT_THAT(error_of(Code::kBadFile, [&] { small.open(); }),
              EndsWith("tokenizer.json] the unknown token \"<unk>\" is not in the vocabulary; "
                       "expected a piece of that name among the 15 of the vocabulary."));
  small = {};
  small.model = R"({"type":"WordPiece","max_input_chars_per_word":-1,"vocab":)";
  EXPECT_THAT(error_of(Code::kBadFile, [&] { small.open(); }),
              HasSubstr("max_input_chars_per_word is -1"));
}

TEST(WordPieceDecoder, JoinsAndCleansUp) {
  SmallTokenizer small;
  const auto tokenizer = small.open();
  EXPECT_EQ(tokenizer->decode({2, 7, 5, 6, 10, 3}), "the films.");
  EXPECT_EQ(tokenizer->decode({2, 7, 5, 6, 10, 3}, false), "[CLS] the films. [SEP]");
  EXPECT_EQ(tokenizer->decode({6, 6}), "##ss");
  small.decoder = R"({"type":"WordPiece","prefix":"##","cleanup":false})";
  EXPECT_EQ(small.open()->decode({5, 10}), "film .");
  small.decoder = "null";
  EXPECT_EQ(small.open()->decode({5, 6, 10}), "film ##s .");
}

TEST(WordPieceDecoder, LeavesOutIdsThatNobodyHas) {
  EXPECT_EQ(SmallTokenizer().open()->decode({5, -1, 99, std::int64_t{1} << 40, 6}), "films");
  EXPECT_EQ(SmallTokenizer().open()->decode({}), "");
}

TEST(PostProcessor, WithoutOneTheSidesFollowEachOther) {
  SmallTokenizer small;
  small.post_processor = "null";
  const auto tokenizer = small.open();
  const Encoding encoding = tokenizer->encode("a", "film");
  EXPECT_THAT(encoding.ids, ElementsAre(8, 5));
  EXPECT_THAT(encoding.type_ids, ElementsAre(0, 1));
  EXPECT_THAT(encoding.sides, ElementsAre(0, 1));
  EXPECT_EQ(tokenizer->template_size(true), 0);
}

TEST(BertProcessing, SurroundsBothSides) {
  const auto tokenizer = SmallTokenizer().open();
  EXPECT_THAT(tokenizer->encode("a").ids, ElementsAre(2, 8, 3));
  const Encoding pair = tokenizer->encode("a", "film");
  EXPECT_THAT(pair.ids, ElementsAre(2, 8, 3, 5, 3));
  EXPECT_THAT(pair.type_ids, ElementsAre(0, 0, 0, 1, 1));
  EXPECT_THAT(pair.special, ElementsAre(1, 0, 1, 0, 1));
  EXPECT_THAT(tokenizer->encode("a", "film", false).ids, ElementsAre(8, 5));
  EXPECT_EQ(tokenizer->template_size(false), 2);
  EXPECT_EQ(tokenizer->template_size(true), 3);
}

std::string with_template(const std::string& single, const std::string& pair) {
  return R"({"type":"TemplateProcessing","single":[)" + single + R"(],"pair":[)" + pair +
         R"(],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},
         "two":{"id":"two","ids":[3,4],"tokens":["[SEP]","[MASK]"]}}})";
}

constexpr const char* kA = R"({"Sequence":{"id":"A","type_id":4}})";
constexpr const char* kB = R"({"Sequence":{"id":"B","type_id":3}})";
constexpr const char* kTwo = R"({"SpecialToken":{"id":"two","type_id":5}})";

TEST(TemplateProcessing, AnyOrderAndTypes) {
  SmallTokenizer small;
  small.post_processor = with_template(kA, std::string(kB) + "," + kTwo + "," + kA);
  const auto tokenizer = small.open();
  const Encoding pair = tokenizer->encode("a film", "the");
  EXPECT_THAT(pair.ids, ElementsAre(7, 3, 4, 8, 5));
  EXPECT_THAT(pair.type_ids, ElementsAre(3, 5, 5, 4, 4));
  EXPECT_THAT(pair.sides, ElementsAre(1, std::nullopt, std::nullopt, 0, 0));
  EXPECT_THAT(pair.word_ids, ElementsAre(0, std::nullopt, std::nullopt, 0, 1));
  EXPECT_THAT(tokenizer->encode("a", "the", false).ids, ElementsAre(7, 8));
  EXPECT_THAT(tokenizer->encode("a").type_ids, ElementsAre(4));
  EXPECT_EQ(tokenizer->template_size(true), 2);
  EXPECT_EQ(tokenizer->template_size(false), 0);
  EXPECT_THAT(tokenizer->stages(),
              testing::Contains("post_processor: TemplateProcessing ($A:4 | $B:3 [SEP] [MASK]:5 "
                                "$A:4)"));
}

TEST(TemplateProcessing, RefusesWhatItCannotPutTogether) {
  const auto message = [](const std::string& single, const std::string& pair) {
    SmallTokenizer small;
    small.post_processor = with_template(single, pair);
    return error_of(Code::kBadFile, [&] { small.open(); });
  };
  const std::string both = std::string(kA) + "," + kB;
  EXPECT_THAT(message(std::string(kA) + R"(,{"SpecialToken":{"id":"[EOS]","type_id":0}})", both),
              HasSubstr("the template \"single\" names \"[EOS]\"; expected one of the template's "
                        "special_tokens"));
  EXPECT_THAT(message(kB, both), HasSubstr("names sequence \"B\"; expected A."));
  EXPECT_THAT(message(kA, R"({"Sequence":{"id":"C","type_id":0}})"),
              HasSubstr("names sequence \"C\"; expected A or B."));
  EXPECT_THAT(message(kA, kA), HasSubstr("the template \"pair\" leaves out a sequence"));
  EXPECT_THAT(message(kTwo, both), HasSubstr("the template \"single\" leaves out a sequence"));
  SmallTokenizer small;
  small.post_processor = R"({"type":"TemplateProcessing","single":[],"pair":[],
      "special_tokens":{"x":{"id":"x","ids":[1,2],"tokens":["x"]}}})";
  EXPECT_THAT(error_of(Code::kBadFile, [&] { small.open(); }),
              HasSubstr("special token \"x\" of the template has 2 ids and 1 tokens"));
}

TEST(Stages, UnknownTypesAreNamedWithTheKnown) {
  const auto message = [](std::string SmallTokenizer::*part) {
    SmallTokenizer small;
    small.*part = R"({"type":"Sparkle","vocab":)";
    if (part != &SmallTokenizer::model) small.*part += "{}}";
    return error_of(Code::kUnsupported, [&] { small.open(); });
  };
  EXPECT_THAT(message(&SmallTokenizer::normalizer),
              HasSubstr("tokenizer.json] unknown normalizer type \"Sparkle\"; known are "));
  EXPECT_THAT(message(&SmallTokenizer::normalizer), HasSubstr("BertNormalizer"));
  EXPECT_THAT(message(&SmallTokenizer::pre_tokenizer), HasSubstr("pre_tokenizer type \"Sparkle\""));
  EXPECT_THAT(message(&SmallTokenizer::pre_tokenizer), HasSubstr("BertPreTokenizer"));
  EXPECT_THAT(message(&SmallTokenizer::model), HasSubstr("model type \"Sparkle\""));
  EXPECT_THAT(message(&SmallTokenizer::model), HasSubstr("WordPiece"));
  EXPECT_THAT(message(&SmallTokenizer::post_processor),
              HasSubstr("post_processor type \"Sparkle\""));
  EXPECT_THAT(message(&SmallTokenizer::post_processor), HasSubstr("TemplateProcessing"));
  EXPECT_THAT(message(&SmallTokenizer::decoder), HasSubstr("decoder type \"Sparkle\""));
  EXPECT_THAT(message(&SmallTokenizer::decoder), HasSubstr("WordPiece"));
}

TEST(Stages, AreToldInOneLineEach) {
  EXPECT_THAT(SmallTokenizer().open()->stages(),
              ElementsAre("normalizer: BertNormalizer (clean_text, handle_chinese_chars, "
                          "strip_accents, lowercase)",
                          "pre_tokenizer: BertPreTokenizer",
                          "model: WordPiece (15 pieces, prefix ##, unknown [UNK])",
                          "added_tokens: 5", "post_processor: BertProcessing ([CLS], [SEP])",
                          "decoder: WordPiece (prefix ##, cleanup)"));
}

}  // namespace
}  // namespace ascribo

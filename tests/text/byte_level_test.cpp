// SPDX-License-Identifier: MIT
// Byte-level stages and the post-processor of RoBERTa, by themselves.
#include "ascribo/text/byte_level.h"

#include <gmock/gmock.h>

#include "ascribo/base/utf8.h"
#include "ascribo/text/stage.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

Json parse(const std::string& json) { return Json::parse(json, "t.json"); }

std::vector<std::string> words(const std::string& stage, std::string_view text) {
  std::vector<Split> splits;
  splits.push_back({NormalizedText(text), {}});
  make_pre_tokenizer(parse(stage), "t.json")->apply(splits);
  std::vector<std::string> result;
  for (const Split& split : splits) result.push_back(split.text.utf8());
  return result;
}

TEST(ByteLevel, EveryByteHasACharacterOfItsOwn) {
  for (int byte = 0; byte < 256; ++byte) {
    const char32_t character = byte_level_character(static_cast<std::uint8_t>(byte));
    EXPECT_EQ(byte_level_byte(character), byte);
    EXPECT_GT(character, 0x20U);
  }
  EXPECT_EQ(byte_level_character(' '), 0x120U);
  EXPECT_EQ(byte_level_character('\n'), 0x10AU);
  EXPECT_EQ(byte_level_character('a'), U'a');
  EXPECT_EQ(byte_level_byte(U' '), std::nullopt);
  EXPECT_EQ(byte_level_byte(0x144), std::nullopt);
  EXPECT_EQ(byte_level_byte(0x10FFFF), std::nullopt);
}

TEST(ByteLevel, BytesShareTheRangeOfTheirCharacter) {
  NormalizedText text("a\u00E9");
  to_byte_level(text);
  EXPECT_EQ(text.utf8(), "a\u00C3\u00A9");
  EXPECT_EQ(text.source(1, 2), (Encoding::Offset{1, 2}));
  EXPECT_EQ(text.source(2, 3), (Encoding::Offset{1, 2}));
}

TEST(ByteLevel, CutsAndMarksSpaces) {
  const char* stage = R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true})";
  EXPECT_THAT(words(stage, "it's  ok 42!"),
              ElementsAre("it", "'s", "\u0120", "\u0120ok", "\u012042", "!"));
  EXPECT_THAT(words(R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true})", "a b"),
              ElementsAre("\u0120a", "\u0120b"));
  EXPECT_THAT(words(R"({"type":"ByteLevel","use_regex":false})", " a b"),
              ElementsAre("\u0120a\u0120b"));
  EXPECT_EQ(make_pre_tokenizer(parse(stage), "t.json")->describe(), "ByteLevel (use_regex)");
}

TEST(ByteLevel, DecodesBytesAcrossTokens) {
  const auto decoder = make_decoder(parse(R"({"type":"ByteLevel"})"), "t.json");
  const auto decode = [&](std::vector<std::string> tokens) {
    decoder->apply(tokens);
    EXPECT_EQ(tokens.size(), 1U);
    return tokens[0];
  };
  EXPECT_EQ(decode({"\u0120a", "\u00C3", "\u00A9"}), " a\u00E9");
  EXPECT_EQ(decode({"\u00C3", "x"}), "\uFFFDx");
  EXPECT_EQ(decode({"a b", "\u4E2D"}), "a b\u4E2D");  // no bytes: text as it is
  EXPECT_EQ(decode({}), "");
}

Encoding sample() {
  Encoding encoding;
  const auto add = [&](const char* token, std::int64_t start, std::int64_t end) {
    encoding.append_special(1, token, 3);
    encoding.offsets.back() = {start, end};
  };
  add("\u0120a", 0, 1);
  add("\u0120\u0120b\u0120", 1, 5);
  add(" <mask>", 5, 12);
  add("\u0120", 12, 13);
  return encoding;
}

TEST(ByteLevel, TrimsOffsets) {
  Encoding encoding = sample();
  trim_offsets(encoding, true);
  using Offset = Encoding::Offset;
  EXPECT_THAT(encoding.offsets,
              ElementsAre(Offset{0, 1}, Offset{3, 4}, Offset{6, 12}, Offset{13, 13}));
  encoding = sample();
  trim_offsets(encoding, false);
  EXPECT_EQ(encoding.offsets[0], (Offset{1, 1}));
}

TEST(RobertaProcessing, TwoSeparatorsBetweenSidesAndOneType) {
  const auto stage = make_post_processor(
      parse(R"({"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,
          "add_prefix_space":true})"),
      "t.json");
  std::vector<Encoding> parts = {sample(), sample()};
  stage->apply(parts, true);
  EXPECT_THAT(parts[0].ids, ElementsAre(0, 1, 1, 1, 1, 2));
  EXPECT_THAT(parts[1].ids, ElementsAre(2, 1, 1, 1, 1, 2));
  EXPECT_THAT(parts[1].type_ids, ElementsAre(0, 0, 0, 0, 0, 0));
  EXPECT_EQ(stage->added(false), 2);
  EXPECT_EQ(stage->added(true), 4);
  parts = {sample()};
  stage->apply(parts, false);
  EXPECT_THAT(parts[0].type_ids, ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(stage->describe(), "RobertaProcessing (<s>, </s>, trim_offsets)");
}

TEST(PostProcessorSequence, RunsEachInTurn) {
  const auto stage = make_post_processor(
      parse(R"({"type":"Sequence","processors":[{"type":"ByteLevel","trim_offsets":true,
          "add_prefix_space":false},{"type":"BertProcessing","sep":["S",8],"cls":["C",9]}]})"),
      "t.json");
  std::vector<Encoding> parts = {sample()};
  stage->apply(parts, true);
  EXPECT_THAT(parts[0].ids, ElementsAre(9, 1, 1, 1, 1, 8));
  EXPECT_EQ(parts[0].offsets[1], (Encoding::Offset{1, 1}));
  EXPECT_EQ(stage->added(true), 3);
  EXPECT_EQ(stage->describe(), "Sequence [ByteLevel (trim_offsets), BertProcessing (C, S)]");
}

TEST(BpeDecoder, SuffixBecomesSpace) {
  const auto decoder = make_decoder(parse(R"({"type":"BPEDecoder","suffix":"</w>"})"), "t.json");
  std::vector<std::string> tokens = {"a", "b</w>", "c</w>"};
  decoder->apply(tokens);
  EXPECT_THAT(tokens, ElementsAre("a", "b ", "c"));
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Folders with a sentencepiece model and no tokenizer.json.
#include <gmock/gmock.h>

#include <bit>

#include "ascribo/base/mapped_file.h"
#include "ascribo/base/rng.h"
#include "ascribo/text/sentencepiece/sentencepiece_family.h"
#include "ascribo/text/sentencepiece/sentencepiece_model.h"
#include "tests/folders.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::ScratchFolder;
using testing::HasSubstr;

const fs::path kGolden = test::test_folder() / "golden/sentencepiece";

/// The bytes of a protobuf message, field by field.
struct Message {
  std::string bytes;

  Message& varint(int number, std::uint64_t value) {
    put(static_cast<std::uint64_t>(number) << 3);
    put(value);
    return *this;
  }
  Message& text(int number, const std::string& value) {
    put(static_cast<std::uint64_t>(number) << 3 | 2);
    put(value.size());
    bytes += value;
    return *this;
  }
  Message& score(int number, float value) {
    put(static_cast<std::uint64_t>(number) << 3 | 5);
    for (int i = 0; i < 4; ++i) {
      bytes += static_cast<char>(std::bit_cast<std::uint32_t>(value) >> (8 * i) & 0xFF);
    }
    return *this;
  }
  Message& piece(const std::string& piece, float value, std::uint64_t kind = 1) {
    return text(1, Message().text(1, piece).score(2, value).varint(3, kind).bytes);
  }

 private:
  void put(std::uint64_t value) {
    for (; value > 0x7F; value >>= 7) bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
  }
};

Message small() {
  return Message()
      .piece("<unk>", 0, 2)
      .piece("<s>", 0, 3)
      .piece("</s>", 0, 3)
      .piece("\u2581", -2)
      .piece("a", -1.5);
}

SentencepieceModel read(const std::string& bytes) {
  return read_sentencepiece_model(bytes, "s.model");
}

TEST(SentencepieceModel, IsReadFieldByField) {
  const Message model =
      small()
          .text(2, Message().varint(3, 2).varint(40, 7).text(45, "[UNK]").varint(99, 1).bytes)
          .text(3, Message().text(2, "map").text(1, "nmt").bytes)
          .text(17, "left alone");
  const SentencepieceModel found = read(model.bytes);
  ASSERT_EQ(found.pieces.size(), 5U);
  EXPECT_EQ(found.pieces[4].text, "a");
  EXPECT_EQ(found.pieces[4].score, -1.5);
  EXPECT_EQ(found.pieces[1].kind, SentencepieceModel::Kind::kControl);
  EXPECT_EQ(found.type, SentencepieceModel::Type::kBpe);
  EXPECT_EQ(found.unk_id, 7);
  EXPECT_EQ(found.unk_piece, "[UNK]");
  EXPECT_EQ(found.charsmap, "map");
}

TEST(SentencepieceModel, RefusesWhatIsNone) {
  const auto message = [](const std::string& bytes) {
    return error_of(Code::kBadFile, [&] { read(bytes); });
  };
  EXPECT_THAT(message(""), HasSubstr("[s.model] the sentencepiece model has no pieces"));
  const std::string whole = small().bytes;
  EXPECT_THAT(message(whole.substr(0, whole.size() - 1)),
              HasSubstr("this is no sentencepiece model: it is cut off"));
  EXPECT_THAT(message("{\"a\": 1}"), HasSubstr("this is no sentencepiece model"));
  EXPECT_THAT(message("\x0B"), HasSubstr("a field has the unknown kind 3"));
  EXPECT_THAT(message(std::string(12, '\xFF')), HasSubstr("a number does not end"));
  EXPECT_THAT(message(Message().varint(1, 5).bytes),
              HasSubstr("field 1 is of kind 0 instead of 2"));
  EXPECT_THAT(message(small().piece("\xC3", 0).bytes),
              HasSubstr("piece 5 has a text that is not UTF-8"));
  EXPECT_THAT(message(small().piece("b", std::numeric_limits<float>::infinity()).bytes),
              HasSubstr("piece 5 has no finite score"));
  EXPECT_THAT(message(small().text(2, Message().text(45, "\xFF").bytes).bytes),
              HasSubstr("the unknown piece is not UTF-8"));
  EXPECT_THAT(error_of(Code::kUnsupported,
                       [&] { read(small().text(2, Message().varint(3, 4).bytes).bytes); }),
              HasSubstr("of type 4; expected Unigram (1) or BPE (2)"));
}

TEST(SentencepieceModel, DamagedAnywhereStaysInside) {
  const auto file = MappedFile::open(kGolden / "xlm-roberta/sentencepiece.bpe.model");
  const std::string whole(file->text());
  Rng rng(11);
  for (int trial = 0; trial < 300; ++trial) {
    std::string bytes = whole.substr(0, trial % 3 == 0 ? rng.bits() % whole.size() : whole.size());
    for (int flip = 0; flip < trial % 4 && !bytes.empty(); ++flip) {
      bytes[rng.bits() % bytes.size()] = static_cast<char>(rng.bits());
    }
    ScratchFolder folder;
    folder.write("sentencepiece.bpe.model", bytes);
    folder.write("config.json", R"({"model_type":"xlm-roberta"})");
    try {
      Tokenizer::open(folder.path())->encode("The \uFB01rst \u2026 text");
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == Code::kBadFile || error.code() == Code::kUnsupported)
          << error.what();
    }
  }
}

TEST(SentencepieceFamily, IsFoundByClassOrModelType) {
  using Family = SentencepieceFamily;
  EXPECT_EQ(find_family("XLMRobertaTokenizerFast", ""), Family::kXlmRoberta);
  EXPECT_EQ(find_family("DebertaV2Tokenizer", "t5"), Family::kDebertaV2);
  EXPECT_EQ(find_family("TokenizersBackend", "albert"), Family::kAlbert);
  EXPECT_EQ(find_family("", "mt5"), Family::kT5);
  EXPECT_EQ(find_family("BertTokenizer", "bert"), std::nullopt);
  EXPECT_EQ(find_family("", ""), std::nullopt);
}

TEST(SentencepieceFiles, SayWhatIsMissing) {
  const auto message = [](Code code, const std::string& model, const std::string& config,
                          const std::string& tokenizer_config = "{}") {
    ScratchFolder folder;
    folder.write("spiece.model", model).write("config.json", config);
    folder.write("tokenizer_config.json", tokenizer_config);
    return error_of(code, [&] { Tokenizer::open(folder.path()); });
  };
  EXPECT_THAT(message(Code::kUnsupported, small().bytes, R"({"model_type":"bert"})",
                      R"({"tokenizer_class":"OddTokenizer"})"),
              HasSubstr("spiece.model] the tokenizer_class is \"OddTokenizer\" and the model_type "
                        "is \"bert\"; expected one of XLMRobertaTokenizer, CamembertTokenizer"));
  EXPECT_THAT(message(Code::kBadFile, small().bytes, R"({"model_type":"albert"})"),
              HasSubstr("spiece.model] the token \"[CLS]\" is missing; expected it among the "
                        "pieces. Hint: tokenizer_config.json can name another token"));
  EXPECT_THAT(
      message(Code::kBadFile, Message().piece("a", 0).bytes, R"({"model_type":"xlm-roberta"})"),
      HasSubstr("the sentencepiece model has 1 pieces"));
  EXPECT_THAT(
      message(Code::kBadFile, small().bytes, R"({"model_type":"t5"})", R"({"extra_ids":-1})"),
      HasSubstr("extra_ids is -1; expected some hundred"));
  EXPECT_THAT(
      message(Code::kBadFile,
              small().piece(std::string(5000, 'a'), 0).text(2, Message().varint(3, 2).bytes).bytes,
              R"({"model_type":"llama"})"),
      HasSubstr("a piece has 5000 bytes; expected at most 4096"));
}

TEST(SentencepieceFiles, MaskTakesTheSpaceBeforeItWhereTheFamilySaysSo) {
  const auto tokenizer = Tokenizer::open(kGolden / "xlm-roberta");
  const Encoding encoding = tokenizer->encode("a <mask>");
  ASSERT_EQ(encoding.size(), 4U);
  EXPECT_EQ(encoding.ids[2], tokenizer->special_tokens().mask);
  EXPECT_EQ(encoding.offsets[2], (Encoding::Offset{1, 8}));
  EXPECT_EQ(tokenizer->special_tokens().pad, 1);
  const auto deberta = Tokenizer::open(kGolden / "deberta-v2");
  EXPECT_EQ(deberta->special_tokens().mask, deberta->vocabulary_size() - 1);
}

}  // namespace
}  // namespace ascribo

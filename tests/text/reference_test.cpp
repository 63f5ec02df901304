// SPDX-License-Identifier: MIT
// Every id, token, offset, word, type and decoded text as the reference tokenizers give them.
#include <gtest/gtest.h>

#include <filesystem>

#include "ascribo/base/json.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/tokenizer.h"
#include "tests/folders.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = test::source_folder();
const fs::path kGolden = test::test_folder() / "golden";
const fs::path kShared = kSource.parent_path() / "shared";

Json read(const fs::path& file) {
  return Json::parse(MappedFile::open(file)->text(), file.string());
}

template <class T>
std::vector<T> list(const Json& array) {
  std::vector<T> values;
  array.elements([&](const Json& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      values.emplace_back(value.string());
    } else if constexpr (std::is_same_v<T, Encoding::Offset>) {
      values.push_back({value.at(std::size_t{0}).integer(), value.at(1).integer()});
    } else if constexpr (std::is_integral_v<T>) {
      values.push_back(static_cast<T>(value.integer()));
    } else {
      values.push_back(value.is_null() ? T() : T(value.integer()));
    }
  });
  return values;
}

Encoding encode(const Tokenizer& tokenizer, const Json& expected) {
  const auto pair = expected.find("pair");
  return tokenizer.encode(expected.at("text").string(),
                          pair ? std::optional(pair->string()) : std::nullopt);
}

/// Compares with whichever of the lists are recorded; `ids` names the key of the ids.
void expect_equal(const Encoding& encoding, const Json& expected, const char* ids) {
  EXPECT_EQ(encoding.ids, list<std::int64_t>(expected.at(ids)));
  EXPECT_EQ(encoding.tokens, list<std::string>(expected.at("tokens")));
  EXPECT_EQ(encoding.offsets, list<Encoding::Offset>(expected.at("offsets")));
  EXPECT_EQ(encoding.word_ids, list<std::optional<std::int64_t>>(expected.at("word_ids")));
  if (const auto types = expected.find("type_ids")) {
    EXPECT_EQ(encoding.type_ids, list<std::int64_t>(*types));
  }
  if (const auto sides = expected.find("sequence_ids")) {
    EXPECT_EQ(encoding.sides, list<std::optional<int>>(*sides));
  }
  if (const auto special = expected.find("special_tokens_mask")) {
    EXPECT_EQ(encoding.special, list<std::uint8_t>(*special));
  }
}

class Reference : public testing::TestWithParam<std::string> {};

TEST_P(Reference, EveryRecord) {
  const fs::path record = kShared / "fixtures/tokenizers" / (GetParam() + ".json");
  const fs::path folder = kShared / "tokenizers" / GetParam();
  if (!fs::exists(record) || !fs::exists(folder)) {
    GTEST_SKIP() << "the published tokenizer files are not beside this checkout: " << folder;
  }
  const auto tokenizer = Tokenizer::open(folder);
  std::size_t count = 0;
  read(record).elements([&](const Json& expected) {
    SCOPED_TRACE(expected.at("text").string());
    const Encoding encoding = encode(*tokenizer, expected);
    expect_equal(encoding, expected, "ids");
    EXPECT_EQ(tokenizer->decode(encoding.ids), expected.at("decoded").string());
    ++count;
  });
  EXPECT_GT(count, 100U);
}

INSTANTIATE_TEST_SUITE_P(WordPiece, Reference, testing::Values("bert-base-uncased"));
INSTANTIATE_TEST_SUITE_P(Bpe, Reference, testing::Values("gpt2", "roberta-base", "qwen3"));
INSTANTIATE_TEST_SUITE_P(Unigram, Reference, testing::Values("t5-base", "xlm-r", "xlm-r-enpt"));

/// vocab.json and merges.txt alone give what the tokenizer.json beside them gives.
class OlderFiles : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(OlderFiles, GiveTheSame) {
  const auto [name, config] = GetParam();
  const fs::path record = kShared / "fixtures/tokenizers" / (std::string(name) + ".json");
  const fs::path folder = kShared / "tokenizers" / name;
  if (!fs::exists(record) || !fs::exists(folder)) {
    GTEST_SKIP() << "the published tokenizer files are not beside this checkout: " << folder;
  }
  test::ScratchFolder older;
  older.write("tokenizer_config.json", config);
  for (const char* file : {"vocab.json", "merges.txt"}) {
    fs::create_symlink(folder / file, older.path() / file);
  }
  const auto tokenizer = Tokenizer::open(older.path());
  read(record).elements([&](const Json& expected) {
    SCOPED_TRACE(expected.at("text").string());
    const Encoding encoding = encode(*tokenizer, expected);
    expect_equal(encoding, expected, "ids");
    EXPECT_EQ(tokenizer->decode(encoding.ids), expected.at("decoded").string());
  });
}

INSTANTIATE_TEST_SUITE_P(
    Bpe, OlderFiles,
    testing::Values(std::pair{"roberta-base", R"({"tokenizer_class":"RobertaTokenizer"})"},
                    std::pair{"gpt2", R"({"tokenizer_class":"GPT2Tokenizer"})"}));

/// One small description for each stage and option.
class ReferenceStages : public testing::TestWithParam<const char*> {};

TEST_P(ReferenceStages, EveryRecord) {
  std::size_t count = 0;
  read(kGolden / "tokenizer" / GetParam()).at("descriptions").elements([&](const Json& entry) {
    SCOPED_TRACE(entry.at("name").string());
    test::ScratchFolder folder;
    folder.write("tokenizer.json", entry.at("tokenizer").dump());
    const auto tokenizer = Tokenizer::open(folder.path());
    entry.at("cases").elements([&](const Json& expected) {
      SCOPED_TRACE(expected.at("text").dump());
      const Encoding encoding = encode(*tokenizer, expected);
      expect_equal(encoding, expected, "ids");
      EXPECT_EQ(tokenizer->decode(encoding.ids), expected.at("decoded").string());
      EXPECT_EQ(tokenizer->decode(encoding.ids, false), expected.at("decoded_special").string());
      ++count;
    });
  });
  EXPECT_GT(count, 800U);
}

INSTANTIATE_TEST_SUITE_P(Unigram, ReferenceStages, testing::Values("stages.json"));
INSTANTIATE_TEST_SUITE_P(Bpe, ReferenceStages, testing::Values("bpe_stages.json"));

/// Folders as they were before there was tokenizer.json, one for each family and option.
TEST(ReferenceSentencepiece, EveryRecord) {
  std::size_t count = 0;
  read(kGolden / "sentencepiece/records.json").at("folders").elements([&](const Json& entry) {
    SCOPED_TRACE(entry.at("name").string());
    const auto tokenizer = Tokenizer::open(kGolden / "sentencepiece" / entry.at("name").string());
    entry.at("cases").elements([&](const Json& expected) {
      SCOPED_TRACE(expected.at("text").dump());
      const Encoding encoding = encode(*tokenizer, expected);
      expect_equal(encoding, expected, "ids");
      EXPECT_EQ(tokenizer->decode(encoding.ids), expected.at("decoded").string());
      EXPECT_EQ(tokenizer->decode(encoding.ids, false), expected.at("decoded_special").string());
      ++count;
    });
  });
  EXPECT_GT(count, 200U);
}

TEST(ReferenceSentencepiece, PublishedModelGivesWhatItsTokenizerGives) {
  const fs::path record = kShared / "fixtures/tokenizers/t5-base.json";
  const fs::path model = kShared / "tokenizers/t5-base/spiece.model";
  if (!fs::exists(record) || !fs::exists(model)) {
    GTEST_SKIP() << "the published tokenizer files are not beside this checkout: " << model;
  }
  test::ScratchFolder folder;
  fs::copy_file(model, folder.path() / "spiece.model");
  folder.write("config.json", R"({"model_type":"t5"})");
  const auto tokenizer = Tokenizer::open(folder.path());
  read(record).elements([&](const Json& expected) {
    SCOPED_TRACE(expected.at("text").string());
    const Encoding encoding = encode(*tokenizer, expected);
    expect_equal(encoding, expected, "ids");
    EXPECT_EQ(tokenizer->decode(encoding.ids), expected.at("decoded").string());
  });
}

class GoldenTexts : public testing::TestWithParam<const char*> {};

TEST_P(GoldenTexts, AreCutAsRecorded) {
  const fs::path folder = kGolden / GetParam();
  const auto tokenizer = Tokenizer::open(folder);
  std::size_t count = 0;
  read(folder / "cases.json").at("cases").elements([&](const Json& expected) {
    SCOPED_TRACE(expected.at("text").string());
    Encoding encoding = encode(*tokenizer, expected);
    // These records name the token of each id, even where it stands for something unknown.
    for (std::size_t i = 0; i < encoding.size(); ++i) {
      encoding.tokens[i] = tokenizer->token(encoding.ids[i]);
    }
    expect_equal(encoding, expected, "input_ids");
    ++count;
  });
  EXPECT_GT(count, 0U);
}

INSTANTIATE_TEST_SUITE_P(Unigram, GoldenTexts,
                         testing::Values("xlm-roberta-cls", "deberta-v2-cls"));
INSTANTIATE_TEST_SUITE_P(Bpe, GoldenTexts, testing::Values("roberta-cls", "modernbert-cls"));
INSTANTIATE_TEST_SUITE_P(WordPiece, GoldenTexts,
                         testing::Values("bert-cls", "bert-relu-pair", "electra-cls",
                                         "distilbert-cls"));

/// Our own texts and what the reference makes of them with a tiny tokenizer.
class OwnTexts : public testing::TestWithParam<const char*> {};

TEST_P(OwnTexts, AreCutAsRecorded) {
  const auto tokenizer = Tokenizer::open(kGolden / GetParam());
  const fs::path records = kGolden / "tokenizer" / (std::string(GetParam()) + ".json");
  std::size_t count = 0;
  read(records).at("cases").elements([&](const Json& expected) {
    SCOPED_TRACE(expected.at("name").string());
    const Encoding encoding = encode(*tokenizer, expected);
    expect_equal(encoding, expected, "ids");
    EXPECT_EQ(tokenizer->decode(encoding.ids), expected.at("decoded").string());
    EXPECT_EQ(tokenizer->decode(encoding.ids, false), expected.at("decoded_special").string());
    ++count;
  });
  EXPECT_GE(count, 60U);
}

INSTANTIATE_TEST_SUITE_P(Unigram, OwnTexts, testing::Values("xlm-roberta-cls"));
INSTANTIATE_TEST_SUITE_P(Bpe, OwnTexts, testing::Values("roberta-cls", "gpt2-lm"));

/// Our own texts and what the reference makes of them with the tokenizer that ships.
class ShippedTokenizer : public testing::Test {
 protected:
  void each(const std::function<void(const Json& expected, const Encoding& encoding)>& check) {
    std::size_t count = 0;
    read(kGolden / "tokenizer/sst2-minilm.json").at("cases").elements([&](const Json& expected) {
      SCOPED_TRACE(expected.at("name").string());
      check(expected, encode(*tokenizer_, expected));
      ++count;
    });
    EXPECT_GE(count, 60U);
  }
  std::unique_ptr<Tokenizer> tokenizer_ = Tokenizer::open(kSource / "models/sst2-minilm");
};

TEST_F(ShippedTokenizer, GivesWhatTheReferenceGives) {
  each([&](const Json& expected, const Encoding& encoding) {
    expect_equal(encoding, expected, "ids");
    EXPECT_EQ(tokenizer_->decode(encoding.ids), expected.at("decoded").string());
    EXPECT_EQ(tokenizer_->decode(encoding.ids, false), expected.at("decoded_special").string());
  });
}

TEST_F(ShippedTokenizer, OffsetsCutOutWhatTheTokenStandsFor) {
  const auto normalizer =
      make_normalizer(Json::parse(R"({"type":"BertNormalizer"})", "test"), "test");
  const auto normal = [&](std::string_view text) {
    NormalizedText normalized(text);
    normalizer->apply(normalized);
    normalized.filter([](char32_t c) { return c != U' '; });
    return normalized.utf8();
  };
  each([&](const Json& expected, const Encoding& encoding) {
    // A syllable of Hangul falls apart into letters, and a piece may hold some of them only.
    const bool whole = !expected.at("name").string().starts_with("Hangul");
    for (std::size_t i = 0; i < encoding.size(); ++i) {
      if (encoding.special[i]) continue;
      const Json side = expected.at(*encoding.sides[i] == 0 ? "text" : "pair");
      const auto [start, end] = encoding.offsets[i];
      ASSERT_LT(start, end);
      ASSERT_LE(end, count_code_points(side.string()));
      const std::string_view slice = slice_code_points(side.string(), start, end);
      std::string piece = encoding.tokens[i];
      if (tokenizer_->is_special(encoding.ids[i])) {
        if (piece == "[UNK]") continue;  // it may also stand for a word
        EXPECT_EQ(slice, piece);
        continue;
      }
      if (piece.starts_with("##")) piece.erase(0, 2);
      if (whole) {
        EXPECT_EQ(normal(slice), piece);
      } else {
        EXPECT_NE(normal(slice).find(piece), std::string::npos) << slice << " " << piece;
      }
    }
  });
}

TEST_F(ShippedTokenizer, WithoutSpecialTokensOnlyTheTemplateIsMissing) {
  each([&](const Json& expected, const Encoding& whole) {
    const auto pair = expected.find("pair");
    const Encoding bare = tokenizer_->encode(
        expected.at("text").string(), pair ? std::optional(pair->string()) : std::nullopt, false);
    EXPECT_EQ(static_cast<std::int64_t>(whole.size() - bare.size()),
              tokenizer_->template_size(pair.has_value()));
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      if (!whole.special[i]) ids.push_back(whole.ids[i]);
    }
    EXPECT_EQ(bare.ids, ids);
  });
}

}  // namespace
}  // namespace ascribo

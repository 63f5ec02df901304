// SPDX-License-Identifier: MIT
// WordLevel: a word is a piece as a whole, or the unknown token.
#include "ascribo/base/error.h"
#include "ascribo/text/piece_table.h"
#include "ascribo/text/stage.h"

namespace ascribo::vocabularies {
namespace {

class WordLevel : public Vocabulary {
 public:
  WordLevel(const Json& description, std::string_view where)
      : pieces_(description.at("vocab"), where),
        unk_token_(description.string_or("unk_token", "<unk>")),
        unk_(pieces_.find(unk_token_)),
        where_(where) {}

  void tokenize(const NormalizedText& word, std::vector<Token>& tokens) const override {
    std::string text = word.utf8();
    if (const auto id = pieces_.find(text)) {
      tokens.push_back({*id, std::move(text), 0, word.size()});
      return;
    }
    if (!unk_) {
      fail(Code::kBadFile, where_,
           "the word \"" + text + "\" is not in the vocabulary, nor is the unknown token \"" +
               unk_token_ + "\"",
           "expected the unknown token among the " + std::to_string(pieces_.size()) +
               " pieces of the vocabulary");
    }
    tokens.push_back({*unk_, unk_token_, 0, word.size()});
  }

  std::optional<std::int64_t> find(std::string_view piece) const override {
    return pieces_.find(piece);
  }
  std::optional<std::string_view> piece(std::int64_t id) const override {
    return pieces_.piece(id);
  }
  std::int64_t size() const override { return pieces_.size(); }
  std::optional<std::int64_t> unknown() const override { return unk_; }

  std::string describe() const override {
    return "WordLevel (" + std::to_string(pieces_.size()) + " pieces, unknown " + unk_token_ + ")";
  }

 private:
  PieceTable pieces_;
  std::string unk_token_;
  std::optional<std::int64_t> unk_;
  std::string where_;
};

std::unique_ptr<Vocabulary> make(const Json& description, std::string_view where) {
  return std::make_unique<WordLevel>(description, where);
}

bool recognizes(const Json& description) {
  return !description.find("merges") && !description.find("max_input_chars_per_word") &&
         description.find("unk_token") && description.find("vocab") &&
         description.at("vocab").is_object();
}

}  // namespace

const VocabularyStage& stage_wordlevel() {
  static constexpr VocabularyStage kStage{"WordLevel", make, recognizes};
  return kStage;
}

}  // namespace ascribo::vocabularies

// SPDX-License-Identifier: MIT
// WordPiece: the longest known piece from the left, again and again, or the unknown token.
#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/text/piece_table.h"
#include "ascribo/text/stage.h"

namespace ascribo::vocabularies {
namespace {

class WordPiece : public Vocabulary {
 public:
  WordPiece(const Json& description, std::string_view where)
      : pieces_(description.at("vocab"), where),
        unk_token_(description.string_or("unk_token", "[UNK]")),
        prefix_(description.string_or("continuing_subword_prefix", "##")) {
    const std::int64_t longest = description.integer_or("max_input_chars_per_word", 100);
    if (longest < 0) {
      fail(Code::kBadFile, where, "max_input_chars_per_word is " + std::to_string(longest),
           "expected a number of characters");
    }
    longest_word_ = static_cast<std::size_t>(longest);
    const auto unk = pieces_.find(unk_token_);
    if (!unk) {
      fail(Code::kBadFile, where,
           "the unknown token \"" + unk_token_ + "\" is not in the vocabulary",
           "expected a piece of that name among the " + std::to_string(pieces_.size()) +
               " of the vocabulary");
    }
    unk_ = *unk;
  }

  void tokenize(const NormalizedText& word, std::vector<Token>& tokens) const override {
    const std::size_t known = tokens.size();
    if (word.size() <= longest_word_ && cut(word, tokens)) return;
    tokens.resize(known);
    tokens.push_back({unk_, unk_token_, 0, word.size()});
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
    return "WordPiece (" + std::to_string(pieces_.size()) + " pieces, prefix " + prefix_ +
           ", unknown " + unk_token_ + ")";
  }

 private:
  bool cut(const NormalizedText& word, std::vector<Token>& tokens) const {
    std::string candidate;
    std::vector<std::size_t> ends;  // bytes of candidate after each code point
    for (std::size_t begin = 0; begin < word.size();) {
      candidate = begin > 0 ? prefix_ : "";
      ends.clear();
      for (std::size_t at = begin; at < word.size(); ++at) {
        word.append_utf8(at, at + 1, candidate);
        if (candidate.size() > pieces_.longest()) break;
        ends.push_back(candidate.size());
      }
      std::optional<std::int64_t> id;
      while (!ends.empty()) {
        id = pieces_.find(std::string_view(candidate).substr(0, ends.back()));
        if (id) break;
        ends.pop_back();
      }
      if (!id) return false;
      const std::size_t end = begin + ends.size();
      tokens.push_back({*id, candidate.substr(0, ends.back()), begin, end});
      begin = end;
    }
    return true;
  }

  PieceTable pieces_;
  std::string unk_token_, prefix_;
  std::int64_t unk_ = 0;
  std::size_t longest_word_ = 0;
};

std::unique_ptr<Vocabulary> make(const Json& description, std::string_view where) {
  return std::make_unique<WordPiece>(description, where);
}

bool recognizes(const Json& description) {
  return description.find("max_input_chars_per_word") && description.find("vocab");
}

}  // namespace

const VocabularyStage& stage_wordpiece() {
  static constexpr VocabularyStage kStage{"WordPiece", make, recognizes};
  return kStage;
}

}  // namespace ascribo::vocabularies

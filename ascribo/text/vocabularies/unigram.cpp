// SPDX-License-Identifier: MIT
// Unigram: the pieces with the highest sum of scores that a word can be cut into.
#include <algorithm>
#include <array>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/vocabularies/scored_pieces.h"

namespace ascribo::vocabularies {
namespace {

// What a character that is no piece costs beyond the worst piece; the published tokenizers have
// this number built in.
constexpr double kUnknownPenalty = 10.0;

class Unigram : public Vocabulary {
 public:
  Unigram(const Json& description, std::string_view where)
      : pieces_(description.at("vocab"), where), where_(where) {
    if (const auto unk = description.find("unk_id")) {
      unk_ = unk->integer();
      if (*unk_ < 0 || *unk_ >= pieces_.size()) {
        fail(Code::kBadFile, where, "unk_id is " + std::to_string(*unk_),
             "expected the place of one of the " + std::to_string(pieces_.size()) + " pieces");
      }
    }
    unknown_score_ = pieces_.lowest_score() - kUnknownPenalty;
    if (description.boolean_or("byte_fallback", false)) find_bytes();
  }

  void tokenize(const NormalizedText& word, std::vector<Token>& tokens) const override {
    std::string utf8;
    std::vector<std::uint32_t> ends;
    ends.reserve(word.size());
    for (std::size_t at = 0; at < word.size(); ++at) {
      word.append_utf8(at, at + 1, utf8);
      ends.push_back(static_cast<std::uint32_t>(utf8.size()));
    }
    std::size_t begin = 0;
    for (const std::size_t end : best_cuts(utf8, ends)) {
      const std::size_t from = begin == 0 ? 0 : ends[begin - 1];
      add_token(utf8.substr(from, ends[end - 1] - from), begin, end, tokens);
      begin = end;
    }
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
    return "Unigram (" + std::to_string(pieces_.size()) + " pieces, " +
           (unk_ ? "unknown " + std::string(*pieces_.piece(*unk_)) : "no unknown") +
           (bytes_ ? ", byte_fallback)" : ")");
  }

 private:
  /// The best way to a place between characters: the piece that ends there and where it begins.
  struct Node {
    double score = 0;
    std::int64_t id = -1;
    std::size_t begin = 0;
    bool reached = false;

    /// Of two ways that are equally good, the one found first stays.
    void offer(double other_score, std::int64_t other_id, std::size_t other_begin) {
      if (reached && !(other_score > score)) return;
      *this = {other_score, other_id, other_begin, true};
    }
    bool refuses(double other_score) const { return reached && !(other_score > score); }
  };

  /// Where the tokens of the best path end; unknown characters next to each other are one token.
  std::vector<std::size_t> best_cuts(std::string_view utf8,
                                     const std::vector<std::uint32_t>& ends) const {
    std::vector<Node> nodes(ends.size() + 1);
    for (std::size_t begin = 0; begin < ends.size(); ++begin) {
      const double score = nodes[begin].score;
      bool has_single = false;
      pieces_.each_prefix(utf8, ends, begin, [&](std::size_t characters, std::int64_t id) {
        nodes[begin + characters].offer(pieces_.score(id) + score, id, begin);
        has_single = has_single || characters == 1;
      });
      if (has_single || nodes[begin + 1].refuses(unknown_score_ + score)) continue;
      nodes[begin + 1].offer(unknown_score_ + score, unknown_or_fail(), begin);
    }
    std::vector<std::size_t> cuts;
    bool after_unknown = false;
    for (std::size_t end = ends.size(); end > 0; end = nodes[end].begin) {
      const bool is_unknown = unk_ && nodes[end].id == *unk_;
      if (!is_unknown || !after_unknown) cuts.push_back(end);
      after_unknown = is_unknown;
    }
    std::reverse(cuts.begin(), cuts.end());
    return cuts;
  }

  void add_token(std::string text, std::size_t begin, std::size_t end,
                 std::vector<Token>& tokens) const {
    if (const auto id = pieces_.find(text)) {
      tokens.push_back({*id, std::move(text), begin, end});
      return;
    }
    if (bytes_ && std::all_of(text.begin(), text.end(), [&](char c) { return id_of(c) >= 0; })) {
      for (const char c : text) {
        tokens.push_back({id_of(c), std::string(*pieces_.piece(id_of(c))), begin, end});
      }
      return;
    }
    tokens.push_back({unknown_or_fail(), std::move(text), begin, end});
  }

  std::int64_t unknown_or_fail() const {
    if (unk_) return *unk_;
    fail(Code::kUnsupported, where_, "the text has a character that the vocabulary does not have",
         "expected an unk_id for such characters");
  }

  void find_bytes() {
    bytes_.emplace();
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (std::size_t byte = 0; byte < bytes_->size(); ++byte) {
      const std::string name = {'<', '0', 'x', kHex[byte >> 4], kHex[byte & 15], '>'};
      (*bytes_)[byte] = pieces_.find(name).value_or(-1);
    }
  }
  std::int64_t id_of(char byte) const { return (*bytes_)[static_cast<unsigned char>(byte)]; }

  ScoredPieces pieces_;
  std::string where_;
  std::optional<std::int64_t> unk_;
  std::optional<std::array<std::int64_t, 256>> bytes_;  // ids of <0x00> to <0xFF>, -1 if missing
  double unknown_score_ = 0;
};

std::unique_ptr<Vocabulary> make(const Json& description, std::string_view where) {
  return std::make_unique<Unigram>(description, where);
}

bool recognizes(const Json& description) {
  const auto vocab = description.find("vocab");
  return vocab && vocab->is_array();
}

}  // namespace

const VocabularyStage& stage_unigram() {
  static constexpr VocabularyStage kStage{"Unigram", make, recognizes};
  return kStage;
}

}  // namespace ascribo::vocabularies

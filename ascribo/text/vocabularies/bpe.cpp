// SPDX-License-Identifier: MIT
// BPE: the characters of a word, neighbours merged again and again, the earliest merge first.
#include <algorithm>
#include <array>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/piece_table.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/vocabularies/merge_table.h"

namespace ascribo::vocabularies {
namespace {

/// A piece of the word on its way; one with no bytes has become part of the one before it.
struct Symbol {
  std::uint32_t id = 0;
  std::size_t bytes = 0;
  std::size_t previous = 0, next = 0;  // in the list; kNone at its ends
};
constexpr std::size_t kNone = ~std::size_t{0};

class Symbols {
 public:
  explicit Symbols(std::size_t expected) { list_.reserve(expected); }

  void add(std::int64_t id, std::size_t bytes) {
    if (!list_.empty()) list_.back().next = list_.size();
    list_.push_back(
        {static_cast<std::uint32_t>(id), bytes, list_.empty() ? kNone : list_.size() - 1, kNone});
  }

  void merge(const MergeTable& merges) {
    for (std::size_t at = 0; at + 1 < list_.size(); ++at) offer(at, merges);
    while (!queue_.empty()) {
      std::pop_heap(queue_.begin(), queue_.end(), comes_later);
      const Candidate candidate = queue_.back();
      queue_.pop_back();
      Symbol& left = list_[candidate.at];
      if (left.bytes == 0 || left.next == kNone) continue;
      // Since it was put in the queue, either neighbour may have changed.
      Symbol& right = list_[left.next];
      const MergeTable::Merge* merge = merges.find(left.id, right.id);
      if (!merge || merge->merged != candidate.merged) continue;
      left.id = candidate.merged;
      left.bytes += right.bytes;
      left.next = right.next;
      right.bytes = 0;
      if (left.next != kNone) list_[left.next].previous = candidate.at;
      if (left.previous != kNone) offer(left.previous, merges);
      offer(candidate.at, merges);
    }
  }

  const std::vector<Symbol>& list() const { return list_; }

 private:
  struct Candidate {
    std::uint32_t rank = 0, merged = 0;
    std::size_t at = 0;
  };
  static bool comes_later(const Candidate& a, const Candidate& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
  }

  void offer(std::size_t at, const MergeTable& merges) {
    if (list_[at].next == kNone) return;
    const MergeTable::Merge* merge = merges.find(list_[at].id, list_[list_[at].next].id);
    if (!merge) return;
    queue_.push_back({merge->rank, merge->merged, at});
    std::push_heap(queue_.begin(), queue_.end(), comes_later);
  }

  std::vector<Symbol> list_;
  std::vector<Candidate> queue_;
};

class Bpe : public Vocabulary {
 public:
  Bpe(const Json& description, std::string_view where)
      : pieces_(description.at("vocab"), where),
        prefix_(description.string_or("continuing_subword_prefix", "")),
        suffix_(description.string_or("end_of_word_suffix", "")),
        merges_(description.at("merges"), pieces_, prefix_, where),
        fuse_unk_(description.boolean_or("fuse_unk", false)),
        byte_fallback_(description.boolean_or("byte_fallback", false)),
        ignore_merges_(description.boolean_or("ignore_merges", false)),
        where_(where) {
    if (const auto unk = description.find("unk_token")) {
      unk_token_ = unk->string();
      unk_ = pieces_.find(*unk_token_);
    }
    if (const double dropout = description.number_or("dropout", 0); dropout != 0) {
      fail(Code::kUnsupported, where, "the model's dropout is " + description.at("dropout").dump(),
           "expected 0 or null: with dropout a text is cut at random");
    }
    static constexpr char kHex[] = "0123456789ABCDEF";
    for (std::size_t byte = 0; byte < 256 && byte_fallback_; ++byte) {
      bytes_[byte] = pieces_.find(std::string("<0x") + kHex[byte >> 4] + kHex[byte & 15] + ">");
    }
  }

  void tokenize(const NormalizedText& word, std::vector<Token>& tokens) const override {
    std::string text;
    std::vector<std::size_t> starts;  // of each code point in text, and the end
    starts.reserve(word.size() + 1);
    for (std::size_t at = 0; at < word.size(); ++at) {
      starts.push_back(text.size());
      word.append_utf8(at, at + 1, text);
    }
    starts.push_back(text.size());
    if (ignore_merges_) {
      if (const auto id = pieces_.find(text)) {
        tokens.push_back({*id, std::move(text), 0, word.size()});
        return;
      }
    }
    Symbols symbols(starts.size());
    add_characters(text, starts, symbols);
    symbols.merge(merges_);
    append_tokens(symbols, starts, tokens);
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
    std::string what = "BPE (" + std::to_string(pieces_.size()) + " pieces, " +
                       std::to_string(merges_.size()) + " merges";
    if (!prefix_.empty()) what += ", prefix " + prefix_;
    if (!suffix_.empty()) what += ", suffix " + suffix_;
    if (unk_token_) what += ", unknown " + *unk_token_;
    if (fuse_unk_) what += ", fuse_unk";
    if (byte_fallback_) what += ", byte_fallback";
    if (ignore_merges_) what += ", ignore_merges";
    return what + ")";
  }

 private:
  void add_characters(std::string_view text, const std::vector<std::size_t>& starts,
                      Symbols& symbols) const {
    std::size_t unknown = 0;  // bytes of what is unknown and not added yet
    const auto add_unknown = [&] {
      if (unknown > 0) symbols.add(*unk_, unknown);
      unknown = 0;
    };
    const bool decorated = !prefix_.empty() || !suffix_.empty();
    std::string with_signs;
    const std::size_t count = starts.size() - 1;
    for (std::size_t at = 0; at < count; ++at) {
      const std::size_t bytes = starts[at + 1] - starts[at];
      std::string_view character = text.substr(starts[at], bytes);
      if (decorated) {
        with_signs = at > 0 ? prefix_ : "";
        with_signs += character;
        if (at + 1 == count) with_signs += suffix_;
        character = with_signs;
      }
      if (const auto id = pieces_.find(character)) {
        add_unknown();
        symbols.add(*id, bytes);
        continue;
      }
      if (byte_fallback_ && add_bytes(character, symbols)) continue;
      if (!unk_token_) continue;  // the character is lost, as in the reference
      if (!unk_) fail_unknown(text.substr(starts[at], bytes));
      if (!fuse_unk_) add_unknown();
      unknown += bytes;
    }
    add_unknown();
  }

  bool add_bytes(std::string_view character, Symbols& symbols) const {
    const auto id_of = [&](char byte) { return bytes_[static_cast<std::uint8_t>(byte)]; };
    if (!std::all_of(character.begin(), character.end(), id_of)) return false;
    for (const char byte : character) symbols.add(*id_of(byte), 1);
    return true;
  }

  void append_tokens(const Symbols& symbols, const std::vector<std::size_t>& starts,
                     std::vector<Token>& tokens) const {
    const std::size_t size = starts.size() - 1;
    std::size_t byte = 0, at = 0;
    for (const Symbol& symbol : symbols.list()) {
      if (symbol.bytes == 0) continue;
      // A token may begin or end within a code point: then it covers all of it.
      while (at < size && starts[at + 1] <= byte) ++at;
      byte += symbol.bytes;
      std::size_t end = at;
      while (end < size && starts[end] < byte) ++end;
      tokens.push_back({symbol.id, std::string(*pieces_.piece(symbol.id)), at, end});
    }
  }

  [[noreturn]] void fail_unknown(std::string_view character) const {
    fail(Code::kBadFile, where_,
         "the character \"" + std::string(character) +
             "\" is not in the vocabulary, nor is the unknown token \"" + *unk_token_ + "\"",
         "expected the unknown token among the " + std::to_string(pieces_.size()) +
             " pieces of the vocabulary");
  }

  PieceTable pieces_;
  std::string prefix_, suffix_;
  MergeTable merges_;
  bool fuse_unk_, byte_fallback_, ignore_merges_;
  std::optional<std::string> unk_token_;
  std::optional<std::int64_t> unk_;
  std::array<std::optional<std::int64_t>, 256> bytes_;
  std::string where_;
};

std::unique_ptr<Vocabulary> make(const Json& description, std::string_view where) {
  return std::make_unique<Bpe>(description, where);
}

bool recognizes(const Json& description) {
  return description.find("merges") && description.find("vocab");
}

}  // namespace

const VocabularyStage& stage_bpe() {
  static constexpr VocabularyStage kStage{"BPE", make, recognizes};
  return kStage;
}

}  // namespace ascribo::vocabularies

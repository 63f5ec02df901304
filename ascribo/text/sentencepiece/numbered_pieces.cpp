// SPDX-License-Identifier: MIT
// Numbers pieces as fairseq, T5 and others did, and finds the merges behind them.
#include "ascribo/text/sentencepiece/numbered_pieces.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <tuple>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/json_text.h"

namespace ascribo {
namespace {

using Family = SentencepieceFamily;

constexpr std::int64_t kMostExtraIds = 1'000'000;
constexpr std::size_t kLongestPiece = 4096;  // bytes

std::string shortest(double number) {
  char text[32];
  const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
  return {text, end};
}

/// ALBERT was trained so that a number does not take the comma after it along.
bool is_number_with_comma(std::string_view piece) {
  return piece.size() >= 2 && piece.back() == ',' && piece[piece.size() - 2] >= '0' &&
         piece[piece.size() - 2] <= '9';
}

}  // namespace

std::string extra_id(std::int64_t number) { return "<extra_id_" + std::to_string(number) + ">"; }

NumberedPieces::NumberedPieces(const SentencepieceModel& model, const SentencepieceOptions& options,
                               std::string_view where)
    : unk_id_(model.unk_id) {
  // fairseq has its own special tokens at the beginning, in the place of the model's.
  std::size_t dropped = 0;
  if (options.family == Family::kXlmRoberta) {
    dropped = 3;
    for (const char* token : {"<s>", "<pad>", "</s>", "<unk>"}) add(token, 0);
    unk_id_ = 3;
  } else if (options.family == Family::kCamembert) {
    dropped = 1;
    for (const char* token : {"<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>"}) add(token, 0);
    add("<unk>NOTUSED", -100);
    unk_id_ = 3;
  }
  if (model.pieces.size() < dropped || options.extra_ids < 0 || options.extra_ids > kMostExtraIds) {
    const bool few = model.pieces.size() < dropped;
    fail(Code::kBadFile, where,
         few ? "the sentencepiece model has " + std::to_string(model.pieces.size()) + " pieces"
             : "extra_ids is " + std::to_string(options.extra_ids),
         few ? "expected its special tokens and more" : "expected some hundred");
  }
  for (std::size_t i = dropped; i < model.pieces.size(); ++i) {
    const auto& piece = model.pieces[i];
    const bool rare = options.family == Family::kAlbert && is_number_with_comma(piece.text);
    add(piece.text, rare ? piece.score - 100 : piece.score);
  }
  if (dropped > 0) add("<mask>", 0);
  for (std::int64_t i = options.extra_ids; options.family == Family::kT5 && i > 0; --i) {
    add(extra_id(i - 1), 0);
  }
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    ids_[pieces_[i].text] = static_cast<std::int64_t>(i);
  }
}

std::optional<std::int64_t> NumberedPieces::find(std::string_view piece) const {
  const auto found = ids_.find(piece);
  if (found == ids_.end()) return {};
  return found->second;
}

std::string NumberedPieces::unigram_json() const {
  std::string json = "[";
  for (const auto& [text, score] : pieces_) {
    if (json.size() > 1) json += ',';
    json += '[' + json_text(text) + ',' + shortest(score) + ']';
  }
  return json += ']';
}

std::string NumberedPieces::bpe_vocabulary_json() const {
  std::string json = "{";
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const std::string& text = pieces_[i].text;
    if (find(text) != static_cast<std::int64_t>(i)) continue;
    if (json.size() > 1) json += ',';
    json += json_text(text) + ':' + std::to_string(i);
  }
  return json += '}';
}

std::string NumberedPieces::bpe_merges_json(std::string_view where) const {
  struct Merge {
    std::string_view left, right;
    double score;
    std::int64_t left_size, right_size, left_id, right_id;
  };
  std::vector<Merge> merges;
  for (const auto& [text, score] : pieces_) {
    if (text.size() > kLongestPiece) {
      fail(Code::kBadFile, where, "a piece has " + std::to_string(text.size()) + " bytes",
           "expected at most " + std::to_string(kLongestPiece));
    }
    const auto first = static_cast<std::ptrdiff_t>(merges.size());
    for (std::size_t at = 1; at < text.size(); ++at) {
      const std::string_view left = std::string_view(text).substr(0, at);
      const std::string_view right = std::string_view(text).substr(at);
      const auto left_id = find(left), right_id = left_id ? find(right) : std::nullopt;
      if (!right_id) continue;
      merges.push_back({left, right, score, count_code_points(left), count_code_points(right),
                        *left_id, *right_id});
    }
    std::sort(merges.begin() + first, merges.end(), [](const Merge& a, const Merge& b) {
      return std::tie(a.left_id, a.right_id) < std::tie(b.left_id, b.right_id);
    });
  }
  std::stable_sort(merges.begin(), merges.end(), [](const Merge& a, const Merge& b) {
    return std::tie(a.score, a.left_size, a.right_size) >
           std::tie(b.score, b.left_size, b.right_size);
  });
  std::string json = "[";
  for (const Merge& merge : merges) {
    if (json.size() > 1) json += ',';
    json += '[' + json_text(merge.left) + ',' + json_text(merge.right) + ']';
  }
  return json += ']';
}

}  // namespace ascribo

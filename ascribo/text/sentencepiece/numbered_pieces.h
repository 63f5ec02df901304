// SPDX-License-Identifier: MIT
// The pieces of a sentencepiece model with the ids that a family of checkpoints gives them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ascribo/text/sentencepiece/sentencepiece_family.h"
#include "ascribo/text/sentencepiece/sentencepiece_model.h"

namespace ascribo {

/// T5's token for the gap with this number.
std::string extra_id(std::int64_t number);

class NumberedPieces {
 public:
  /// Errors: kBadFile, naming `where`, for a model with too few pieces or extra ids beyond reason.
  NumberedPieces(const SentencepieceModel& model, const SentencepieceOptions& options,
                 std::string_view where);

  std::optional<std::int64_t> find(std::string_view piece) const;
  std::int64_t unk_id() const { return unk_id_; }

  std::string unigram_json() const;         ///< [["piece",score],...]
  std::string bpe_vocabulary_json() const;  ///< {"piece":id,...}
  /// [["left","right"],...]: every two pieces that make a third, the best third first. Errors:
  /// kBadFile for a piece too long to be one.
  std::string bpe_merges_json(std::string_view where) const;

 private:
  struct Piece {
    std::string text;
    double score;
  };
  void add(std::string_view text, double score) { pieces_.push_back({std::string(text), score}); }

  std::vector<Piece> pieces_;
  std::unordered_map<std::string_view, std::int64_t> ids_;
  std::int64_t unk_id_ = 0;
};

}  // namespace ascribo

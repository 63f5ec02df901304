// SPDX-License-Identifier: MIT
// What a sentencepiece .model file holds, as far as a tokenizer needs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// Views point into the bytes that were read.
struct SentencepieceModel {
  enum class Type { kUnigram = 1, kBpe = 2 };
  enum class Kind {
    kNormal = 1,
    kUnknown = 2,
    kControl = 3,
    kUserDefined = 4,
    kUnused = 5,
    kByte = 6
  };
  struct Piece {
    std::string_view text;
    double score = 0;
    Kind kind = Kind::kNormal;
  };
  std::vector<Piece> pieces;  // by id
  Type type = Type::kUnigram;
  std::int64_t unk_id = 0;
  std::string_view unk_piece = "<unk>";
  std::string_view charsmap;  ///< empty where texts are not normalised
};

/// Errors: kBadFile, naming `where`, for a file that is cut off or no such model; kUnsupported for
/// models of words or characters.
SentencepieceModel read_sentencepiece_model(std::string_view bytes, std::string_view where);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Picks the fields of a model out of its messages (sentencepiece_model.proto).
#include "ascribo/text/sentencepiece/sentencepiece_model.h"

#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/sentencepiece/protobuf_fields.h"

namespace ascribo {
namespace {

// Field numbers of the messages ModelProto, SentencePiece, TrainerSpec and NormalizerSpec.
enum ModelField { kPieces = 1, kTrainer = 2, kNormalizer = 3 };
enum PieceField { kText = 1, kScore = 2, kKind = 3 };
enum TrainerField { kType = 3, kUnkId = 40, kUnkPiece = 45 };
enum NormalizerField { kCharsmap = 2 };

SentencepieceModel::Piece read_piece(std::string_view bytes, std::size_t id,
                                     std::string_view where) {
  SentencepieceModel::Piece piece;
  ProtobufFields fields(bytes, where);
  while (fields.next()) {
    switch (fields.number()) {
      case kText: piece.text = fields.bytes(); break;
      case kScore: piece.score = static_cast<double>(fields.float_number()); break;
      case kKind: piece.kind = static_cast<SentencepieceModel::Kind>(fields.varint() & 7); break;
      default: break;
    }
  }
  if (find_invalid_utf8(piece.text) || !std::isfinite(piece.score)) {
    fail(Code::kBadFile, where,
         "piece " + std::to_string(id) + " has " +
             (std::isfinite(piece.score) ? "a text that is not UTF-8" : "no finite score"),
         "expected the file as sentencepiece has written it");
  }
  return piece;
}

void read_trainer(std::string_view bytes, SentencepieceModel& model, std::string_view where) {
  ProtobufFields fields(bytes, where);
  while (fields.next()) {
    switch (fields.number()) {
      case kType: {
        const std::uint64_t type = fields.varint();
        if (type != 1 && type != 2) {
          fail(Code::kUnsupported, where,
               "the sentencepiece model is of type " + std::to_string(type),
               "expected Unigram (1) or BPE (2)");
        }
        model.type = static_cast<SentencepieceModel::Type>(type);
        break;
      }
      case kUnkId: model.unk_id = static_cast<std::int32_t>(fields.varint()); break;
      case kUnkPiece: model.unk_piece = fields.bytes(); break;
      default: break;
    }
  }
}

}  // namespace

SentencepieceModel read_sentencepiece_model(std::string_view bytes, std::string_view where) {
  SentencepieceModel model;
  ProtobufFields fields(bytes, where);
  while (fields.next()) {
    switch (fields.number()) {
      case kPieces:
        model.pieces.push_back(read_piece(fields.bytes(), model.pieces.size(), where));
        break;
      case kTrainer: read_trainer(fields.bytes(), model, where); break;
      case kNormalizer: {
        ProtobufFields normalizer(fields.bytes(), where);
        while (normalizer.next()) {
          if (normalizer.number() == kCharsmap) model.charsmap = normalizer.bytes();
        }
        break;
      }
      default: break;
    }
  }
  if (model.pieces.empty() || find_invalid_utf8(model.unk_piece)) {
    fail(Code::kBadFile, where,
         model.pieces.empty() ? "the sentencepiece model has no pieces"
                              : "the unknown piece is not UTF-8",
         "expected the file as sentencepiece has written it");
  }
  return model;
}

}  // namespace ascribo

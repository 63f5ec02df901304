// SPDX-License-Identifier: MIT
// How units are hidden: the text as the model reads it without some of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/explain/scorer.h"
#include "ascribo/explain/stand_in.h"

namespace ascribo {

inline constexpr char kReplaceHelp[] =
    "what stands in a hidden unit's place: mask, pad, unk, token:ID, zero (vectors), delete (the "
    "text without it) or attention (it is there, but nothing looks at it)";

/// Positions and types stay the text's own, except where tokens are deleted: then they are those of
/// the shorter text.
class Replacement {
 public:
  /// Reads the option `replace`. Errors: those of find_stand_in.
  Replacement(std::string_view name, Scorer& scorer);

  const StandIn& stand_in() const { return stand_in_; }
  /// The text without the tokens that are marked (`hidden` has one flag per token). Errors:
  /// kUnsupported where delete or attention would leave nothing to read, or delete would take away
  /// a token that a target asks about.
  Variant variant(Task& task, std::span<const std::uint8_t> hidden) const;
  bool deletes() const { return stand_in_.name == "delete"; }
  /// Whether variants need their rows of word embeddings filled in by fill().
  bool fills() const { return stand_in_.kind == StandIn::Kind::kZero; }
  void fill(const Model& model, const Task& task, std::span<const std::uint8_t> hidden,
            Tensor& values) const;

 private:
  StandIn stand_in_;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The text that stands for "nothing said": where a path of integrated gradients starts.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "ascribo/base/options.h"
#include "ascribo/explain/explanation.h"
#include "ascribo/explain/stand_in.h"

namespace ascribo {

/// Whether special tokens stay what they are in a baseline.
enum class KeepSpecial { kYes, kNo };

template <>
struct EnumNames<KeepSpecial> {
  static constexpr std::array<std::string_view, 2> kNames = {"yes", "no"};
};

/// A baseline for every text; positions and types are always the text's own.
class Baseline {
 public:
  /// Unless told, tokens keep special tokens and zero vectors do not.
  Baseline(StandIn stand_in, std::optional<KeepSpecial> keep);

  bool keeps_special() const { return keep_special_; }
  bool is_zero() const { return stand_in_.kind == StandIn::Kind::kZero; }
  const StandIn& stand_in() const { return stand_in_; }

  /// True where the baseline differs in kind from the text.
  bool replaces(const TokenInfo& token) const { return !(keep_special_ && token.special); }
  /// The text with tokens replaced; the text itself for zero vectors.
  Sequence sequence(const Task& task) const;
  /// Sets the rows `[tokens, n]` of replaced tokens to zero.
  void zero_rows(const Task& task, Tensor& values) const;
  BaselineSummary summary(const Task& task, const Tokenizer* tokenizer) const;

 private:
  StandIn stand_in_;
  bool keep_special_;
};

}  // namespace ascribo

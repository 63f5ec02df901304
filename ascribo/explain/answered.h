// SPDX-License-Identifier: MIT
// The logits of a batch, and whose they are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ascribo/explain/scorer.h"
#include "ascribo/graph/tape.h"
#include "ascribo/models/batch.h"
#include "ascribo/models/model.h"

namespace ascribo {

/// One answer for each sequence, or one for each token asked about. Variants are numbered as the
/// sequences of the batch.
class Answered {
 public:
  /// logits `[answers, outputs]`, of which a copy in double precision is kept.
  Answered(const Tensor& logits, const Batch& batch, HeadKind head);

  std::span<const double> logits() const {
    return {logits_.data<double>(), static_cast<std::size_t>(logits_.numel())};
  }
  std::int64_t answers() const { return offsets_.back(); }
  std::int64_t outputs() const;
  /// Number of a variant's first answer.
  std::int64_t first(std::size_t variant) const { return offsets_[variant]; }
  bool per_token() const { return per_token_; }
  /// Those of one variant, `[its answers, outputs]`.
  std::span<const double> of(std::size_t variant) const;
  /// Those of what is left of a sequence, in the places that they have in the whole one: minus
  /// infinity for what was taken out.
  std::vector<double> spread(std::span<const double> left, const Variant& variant) const;

 private:
  Tensor logits_;  // kF64
  std::vector<std::int64_t> offsets_;
  bool per_token_;
};

/// How many of a variant's answers are those of its first `shared` tokens.
std::int64_t shared_answers(const Variant& variant, std::int64_t shared);

/// The outputs of a vocabulary, ascending, that the scores of all variants are; empty where they
/// depend on others, or where the model's answers are no words.
std::vector<std::int64_t> outputs_scored(std::span<const Variant> variants, const ModelInfo& model);

/// d score / d logits for targets [first, first + count) of every variant, in the rows of the
/// answers that each target reads; none where a task has fewer targets.
template <class T>
Seeds make_seeds(const Answered& answered, std::span<const Variant> variants, std::size_t first,
                 std::size_t count);

}  // namespace ascribo

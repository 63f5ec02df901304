// SPDX-License-Identifier: MIT
// A model whose word table has noise: each word's embedding is a little off, the same wherever the
// word stands.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ascribo/models/model.h"

namespace ascribo {

class Tokenizer;

/// Special tokens keep their embeddings, so that baselines and stand-ins are what they were. Both
/// models live as long as this one.
class NoisyModel : public Model {
 public:
  /// Noise is even in [-radius, radius], and depends on seed, sample and word only. The tokenizer
  /// may be null.
  NoisyModel(const Model& model, const Tokenizer* tokenizer, double radius, std::uint64_t seed,
             std::uint64_t sample)
      : model_(model), tokenizer_(tokenizer), radius_(radius), seed_(seed), sample_(sample) {}

  const ModelInfo& info() const override { return model_.info(); }
  Dtype compute() const override { return model_.compute(); }
  void pack(bool backward, Precision precision) const override { model_.pack(backward, precision); }
  Tensor word_embeddings(const std::vector<std::int64_t>& ids) const override;
  Variable forward(const Batch& batch, Run& run) const override;
  Variable forward_keeping(const Batch& batch, Run& run,
                           std::vector<std::shared_ptr<const Past>>& pasts) const override;

 private:
  const Model& model_;
  const Tokenizer* tokenizer_;
  double radius_;
  std::uint64_t seed_, sample_;
};

}  // namespace ascribo

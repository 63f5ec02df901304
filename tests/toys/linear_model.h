// SPDX-License-Identifier: MIT
// A classifier that is linear in its word embeddings, so that every attribution is known.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/models/model.h"

namespace ascribo::toys {

/// logits[c] = bias[c] + sum over visible rows r of (1 + position_r / 8) sum_d weight[c][d] e_r[d].
/// Embeddings, and the input of the one layer that `layer:0` names, are the word embeddings.
class LinearModel : public Model {
 public:
  struct Parameters {
    std::vector<std::vector<float>> words;   ///< `[vocab, width]`
    std::vector<std::vector<float>> weight;  ///< `[labels, width]`
    std::vector<float> bias;
  };

  LinearModel(Parameters parameters, std::vector<std::string> labels,
              Problem problem = Problem::kSingleLabel)
      : parameters_(std::move(parameters)) {
    info_.path = "toy";
    info_.architecture = "Linear";
    info_.model_type = "linear";
    info_.hidden = info_.embedding = info_.embeddings =
        static_cast<std::int64_t>(parameters_.words[0].size());
    info_.vocab = static_cast<std::int64_t>(parameters_.words.size());
    info_.max_positions = 64;
    info_.labels = std::move(labels);
    info_.outputs = static_cast<std::int64_t>(info_.labels.size());
    info_.problem = problem;
  }

  const ModelInfo& info() const override { return info_; }
  Dtype compute() const override { return Dtype::kF32; }
  void pack(bool, Precision) const override {}

  Tensor word_embeddings(const std::vector<std::int64_t>& ids) const override {
    std::vector<float> rows;
    for (std::int64_t id : ids) {
      const auto& row = parameters_.words.at(static_cast<std::size_t>(id));
      rows.insert(rows.end(), row.begin(), row.end());
    }
    return Tensor::from<float>(rows, {static_cast<std::int64_t>(ids.size()), info_.embedding});
  }

  Variable forward(const Batch& batch, Run& run) const override {
    Variable x = run.pass({Tap::kWordEmbeddings, -1}, word_embeddings(batch.ids));
    x = run.pass({Tap::kEmbeddings, -1}, x);
    x = run.pass({Tap::kHidden, 0}, x);
    return run.pass({Tap::kLogits, -1}, sum_rows(batch, x));
  }

  /// The weight that a row's embedding has in a label's logit.
  float weight(std::int64_t position, std::size_t label, std::size_t dimension) const {
    return (1 + static_cast<float>(position) / 8) * parameters_.weight[label][dimension];
  }

 private:
  float row_weight(const Batch& batch, std::size_t row, std::size_t label, std::size_t d) const {
    if (!batch.visible.empty() && !batch.visible[row]) return 0;
    return weight(batch.positions[row], label, d);
  }

  // Calls visit(sequence, row, label, dimension).
  template <class Visit>
  void each(const Batch& batch, Visit visit) const {
    for (std::size_t s = 0; s + 1 < batch.offsets.size(); ++s) {
      for (auto r = static_cast<std::size_t>(batch.offsets[s]);
           r < static_cast<std::size_t>(batch.offsets[s + 1]); ++r) {
        for (std::size_t c = 0; c < parameters_.bias.size(); ++c) {
          for (std::size_t d = 0; d < parameters_.weight[c].size(); ++d) visit(s, r, c, d);
        }
      }
    }
  }

  Variable sum_rows(const Batch& batch, const Variable& x) const {
    const std::size_t labels = parameters_.bias.size();
    const auto width = static_cast<std::size_t>(info_.hidden);
    std::vector<float> logits;
    for (std::int64_t s = 0; s < batch.sequences(); ++s) {
      logits.insert(logits.end(), parameters_.bias.begin(), parameters_.bias.end());
    }
    const float* value = x.value().data<float>();
    each(batch, [&](std::size_t s, std::size_t r, std::size_t c, std::size_t d) {
      logits[s * labels + c] += row_weight(batch, r, c, d) * value[r * width + d];
    });
    const auto backward = [this, batch, labels, width](Backward& context) {
      GradientSlot slot = context.slot(0);
      float* out = slot.tensor.mutable_data<float>();
      const float* in = context.output().data<float>();
      const auto rows = static_cast<std::size_t>(batch.rows());
      const auto sequences = static_cast<std::size_t>(batch.sequences());
      for (std::size_t seed = 0; seed < static_cast<std::size_t>(context.seeds()); ++seed) {
        if (!slot.accumulate) std::fill_n(out + seed * rows * width, rows * width, 0.0F);
        each(batch, [&](std::size_t s, std::size_t r, std::size_t c, std::size_t d) {
          out[(seed * rows + r) * width + d] +=
              row_weight(batch, r, c, d) * in[(seed * sequences + s) * labels + c];
        });
      }
    };
    return record(
        Tensor::from<float>(logits, {batch.sequences(), static_cast<std::int64_t>(labels)}), {x},
        backward);
  }

  Parameters parameters_;
  ModelInfo info_;
};

}  // namespace ascribo::toys

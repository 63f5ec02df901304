// SPDX-License-Identifier: MIT
// A stack of layers and its head: the forward that all architectures share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ascribo/models/architecture.h"
#include "ascribo/models/blocks.h"
#include "ascribo/models/heads.h"

namespace ascribo {

/// What an architecture reads from its checkpoint.
struct TransformerParts {
  EmbeddingBlock embeddings;
  LinearWeight projection;  ///< undefined where embeddings are as wide as the layers
  /// See ModelInfo; the rows of the position table up to it are never a token's.
  std::optional<std::int64_t> padding_position = {};
  std::int64_t max_positions = 0;  ///< of models without a position table
  std::int64_t heads = 1;
  std::vector<TransformerLayer> layers;
  Head head;
  DropoutRates dropout = {};
};

/// Runs the layers from `first` (its input is `x`, or replaced) and returns the `rows` asked for
/// after the last layer, `[rows, hidden]`: those of sequence s are [offsets[s], offsets[s + 1]).
/// Passes kHidden of `first` .. layers. When nobody looks at the last layer, only those rows leave
/// its attention. `kept` as in run_layer().
Variable run_layers(const TransformerParts& parts, std::size_t first, Variable x,
                    const Batch& batch, const HeadRows& read,
                    const std::vector<std::shared_ptr<Past>>& kept, Run& run);

/// Takes the checkpoint's info as read_head() left it, completes it from the parts.
std::unique_ptr<Model> make_transformer(const Checkpoint& checkpoint, TransformerParts parts);

}  // namespace ascribo

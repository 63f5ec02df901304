// SPDX-License-Identifier: MIT
// A post-norm encoder with a classification head: the forward that BERT and its relatives share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ascribo/models/architecture.h"
#include "ascribo/models/blocks.h"
#include "ascribo/models/heads.h"

namespace ascribo {

/// What an architecture reads from its checkpoint.
struct EncoderParts {
  EmbeddingBlock embeddings;
  LinearWeight projection;  ///< undefined where embeddings are as wide as the layers
  std::int64_t heads = 1;
  std::vector<EncoderLayer> layers;
  ClassificationHead head;
};

/// The last product of a head, `name` `[outputs, in]`. Fills in the checkpoint's labels and
/// problem.
LinearWeight read_classifier(Checkpoint& checkpoint, const std::string& name, std::int64_t in);

/// Takes the checkpoint's info (labels and problem filled in), completes it from the parts.
std::unique_ptr<Model> make_encoder_classifier(const Checkpoint& checkpoint, EncoderParts parts);

}  // namespace ascribo

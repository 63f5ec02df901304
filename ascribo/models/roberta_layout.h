// SPDX-License-Identifier: MIT
// The names and sizes that RoBERTa, XLM-RoBERTa and CamemBERT share.
#pragma once

#include <memory>

#include "ascribo/models/bert_layout.h"

namespace ascribo {

/// Builds a model whose weights are below "roberta.": BERT's layers, positions from the one after
/// the padding token's, heads of their own. kBadCheckpoint as for any missing weight.
std::unique_ptr<Model> build_roberta(Checkpoint checkpoint);

}  // namespace ascribo

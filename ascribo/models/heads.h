// SPDX-License-Identifier: MIT
// Heads as data: what stands between the last hidden state and the logits.
#pragma once

#include "ascribo/graph/taps.h"
#include "ascribo/ops/activation.h"
#include "ascribo/ops/linear.h"

namespace ascribo {

/// out(activation(dense(row))): BERT's tanh pooler with its classifier, ELECTRA's GELU head,
/// DistilBERT's ReLU head. Without `dense` the row goes straight to `out`.
struct ClassificationHead {
  LinearWeight dense;
  Activation activation = Activation::kIdentity;
  LinearWeight out;
};

/// rows `[sequences, hidden]` -> logits `[sequences, labels]`; passes kLogits.
Variable classify(const ClassificationHead& head, const Variable& rows, Run& run);

}  // namespace ascribo

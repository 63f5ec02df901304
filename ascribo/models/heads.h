// SPDX-License-Identifier: MIT
// Heads: which rows of the last layer they read, and what they make of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/models/architecture.h"
#include "ascribo/models/blocks.h"
#include "ascribo/ops/activation.h"
#include "ascribo/ops/linear.h"

namespace ascribo {

/// out(norm(activation(dense(row)))), each as far as it is defined: BERT's tanh pooler with its
/// classifier, ELECTRA's GELU head, the transformed row times the word table of a language model.
/// Without any of them the row is the answer.
struct Head {
  HeadKind kind = HeadKind::kSequenceClassification;
  Pooling pooling = Pooling::kFirst;  ///< of heads that answer once for a sequence
  LinearWeight dense = {};
  Activation activation = Activation::kIdentity;
  std::optional<Norm> norm = {};
  LinearWeight out = {};
  /// Hidden states that are read, from 0 to the number of layers; empty: the last alone.
  std::vector<std::int64_t> layers = {};
  bool layer_mean = false;  ///< they are averaged, else put side by side
};

/// Where one kind of head keeps its weights, as published; what is empty is not there.
struct HeadLayout {
  HeadKind kind = HeadKind::kSequenceClassification;
  std::string dense = {};
  Bias dense_bias = Bias::kStored;
  Activation activation = Activation::kIdentity;
  std::string norm = {};
  Bias norm_bias = Bias::kStored;
  std::string out = {};
  std::string bias = {};  ///< of `out` where its weight is the word table: language models
  Bias out_bias = Bias::kStored;
  bool tied = true;  ///< whether that is so where the config does not say: language models
  Pooling pooling = Pooling::kFirst;
  std::vector<std::string> labels = {};  ///< where they are not the config's to name
};

/// Sizes that heads need to know.
struct HeadSizes {
  std::int64_t hidden = 0;
  Tensor words;  ///< the word table, `[vocab, embedding]`
  double epsilon = 1e-12;
  std::int64_t dense = 0;  ///< outputs of `dense`; 0: as many as the head's kind has elsewhere
};

/// The head that checkpoint.info asks for, as the layout of its kind says; kBase may have none.
/// Fills in the checkpoint's outputs, labels and problem. A sentence-transformers folder's pooling
/// is that of a base model.
Head read_head(Checkpoint& checkpoint, const std::vector<HeadLayout>& layouts,
               const HeadSizes& sizes);

/// Rows of a batch that a head reads, and where those of each answer or sequence begin.
struct HeadRows {
  std::vector<std::int64_t> rows, offsets;
};
HeadRows rows_read(const Head& head, const Batch& batch);

/// rows `[rows read, hidden]` -> logits `[answers, outputs]`; passes kLogits.
Variable answer(const Head& head, const DropoutRates& rates, const Variable& rows,
                const HeadRows& read, Run& run);

}  // namespace ascribo

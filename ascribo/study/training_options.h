// SPDX-License-Identifier: MIT
// What fine-tuning may be told; the defaults are those of transformers' Trainer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ascribo/tensor/dtype.h"

namespace ascribo {

/// What the learning rate does after the warm-up.
enum class Schedule { kLinear, kCosine, kConstant };

struct TrainingOptions {
  double epochs = 3;
  std::int64_t max_steps = 0;   ///< in place of epochs; 0: go by epochs
  std::int64_t batch = 8;       ///< rows of a batch
  std::int64_t accumulate = 1;  ///< batches of a step
  /// Most tokens that run at once; a larger batch runs in parts, which changes nothing but memory.
  std::int64_t batch_tokens = 8192;
  /// Most megabytes (of 2^20 bytes) for weights, gradients, optimizer and what a step computes.
  /// Layers that do not fit in run twice, which changes no bit; 0: as many as it takes.
  std::int64_t memory = 0;
  /// Of products with weights; weights, their gradients and the optimizer stay in single precision.
  Precision precision = Precision::kFp32;
  double learning_rate = 5e-5;
  double weight_decay = 0;  ///< of matrices and tables, not of biases and norms
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double clip = 1;  ///< longest gradient of all weights together; 0: any
  Schedule schedule = Schedule::kLinear;
  double warmup = 0;  ///< steps, or below 1 a share of all steps
  double label_smoothing = 0;
  bool class_weights = false;            ///< rows of rare labels count more, all labels the same
  bool dropout = true;                   ///< as the model's config says
  std::vector<std::string> frozen = {};  ///< "embeddings", "layer:N", or beginnings of names
  bool shuffle = true;                   ///< rows anew for every epoch; else as they come
  std::uint64_t seed = 42;
  std::int64_t evaluate_every = 0;  ///< steps; 0: after every epoch
  std::int64_t patience = 0;        ///< evaluations without a better one before stopping; 0: none
  std::string metric = {};          ///< what "better" means; empty: the task's own
};

}  // namespace ascribo

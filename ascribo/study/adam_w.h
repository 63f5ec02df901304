// SPDX-License-Identifier: MIT
// The optimizer.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/models/training/parameter_store.h"
#include "ascribo/ops/simd/adam.h"
#include "ascribo/study/training_options.h"

namespace ascribo {

/// Length of all gradients as one vector. Its bits do not depend on the number of threads.
double gradient_length(const std::vector<Tensor>& gradients);

/// Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019), in single
/// precision. Not safe for concurrent use.
class AdamW {
 public:
  /// The parameters are written to by step().
  AdamW(std::vector<Parameter*> parameters, const TrainingOptions& options);

  /// One gradient for each parameter, times `scale`.
  void step(const std::vector<Tensor>& gradients, double learning_rate, double scale);

  /// Means of gradients and of their squares, by parameter; for saving and going on.
  std::vector<Tensor>& means() { return means_; }
  std::vector<Tensor>& squares() { return squares_; }
  std::int64_t steps() const { return steps_; }
  /// Goes on after so many steps, with means and squares as they are now.
  void go_on(std::int64_t steps);

 private:
  void step(std::size_t index, const Tensor& gradient, ops::simd::AdamFactors factors);

  std::vector<Parameter*> parameters_;
  TrainingOptions options_;
  std::vector<Tensor> means_, squares_;
  /// Whether a row of a parameter ever had a gradient: until then it stays as it is.
  std::vector<std::vector<std::uint8_t>> touched_;
  std::int64_t steps_ = 0;
};

}  // namespace ascribo

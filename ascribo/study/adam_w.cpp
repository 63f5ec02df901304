// SPDX-License-Identifier: MIT
// m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, and with t steps done
// w -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon), after w *= 1 - lr decay.
#include "ascribo/study/adam_w.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/ops/parallel.h"

namespace ascribo {
namespace {

/// Matrices and tables decay; biases, factors of norms and biases by distance do not.
bool decays(const Parameter& parameter) {
  return parameter.value.shape().size() > 1 && parameter.name.find("bias") == std::string::npos;
}

}  // namespace

double gradient_length(const std::vector<Tensor>& gradients) {
  constexpr std::int64_t kTogether = 4096;
  double sum = 0;
  for (const Tensor& each : gradients) {
    const std::int64_t count = each.numel(), parts = (count + kTogether - 1) / kTogether;
    std::vector<double> sums(static_cast<std::size_t>(parts));
    const float* values = each.data<float>();
    ops::parallel_ranges(parts, kTogether, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        const std::int64_t begins = part * kTogether;
        sums[static_cast<std::size_t>(part)] =
            ops::simd::sum_of_squares(values + begins, std::min(kTogether, count - begins));
      }
    });
    for (const double part : sums) sum += part;
  }
  return std::sqrt(sum);
}

AdamW::AdamW(std::vector<Parameter*> parameters, const TrainingOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  for (const Parameter* each : parameters_) {
    ASCRIBO_ASSERT(each->value.dtype() == Dtype::kF32);
    means_.push_back(Tensor::zeros(each->value.shape()));
    squares_.push_back(Tensor::zeros(each->value.shape()));
    touched_.emplace_back(static_cast<std::size_t>(each->value.rows()), std::uint8_t{0});
  }
}

void AdamW::go_on(std::int64_t steps) {
  steps_ = steps;
  for (std::size_t n = 0; n < parameters_.size(); ++n) {
    const std::int64_t cols = squares_[n].cols();
    for (std::size_t row = 0; row < touched_[n].size(); ++row) {
      const std::int64_t at = static_cast<std::int64_t>(row) * cols;
      touched_[n][row] = !ops::simd::all_zero(means_[n].data<float>() + at, cols) ||
                         !ops::simd::all_zero(squares_[n].data<float>() + at, cols);
    }
  }
}

void AdamW::step(std::size_t index, const Tensor& gradient, ops::simd::AdamFactors factors) {
  Parameter& parameter = *parameters_[index];
  ASCRIBO_ASSERT(gradient.numel() == parameter.value.numel());
  const std::int64_t rows = parameter.value.rows(), cols = parameter.value.cols();
  float* weights = parameter.value.mutable_data<float>();
  float* means = means_[index].mutable_data<float>();
  float* squares = squares_[index].mutable_data<float>();
  const float* gradients = gradient.data<float>();
  if (!decays(parameter)) factors.kept = 1;
  std::vector<std::uint8_t>& touched = touched_[index];
  ops::parallel_ranges(rows, 8 * cols, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t at = row * cols;
      std::uint8_t& moved = touched[static_cast<std::size_t>(row)];
      const float* g = gradients + at;
      float *w = weights + at, *m = means + at, *v = squares + at;
      if (moved == 0 && ops::simd::all_zero(g, cols)) {  // most rows of a word table, for long
        if (factors.kept != 1) ops::simd::scale(factors.kept, cols, w);
        continue;
      }
      moved = 1;
      ops::simd::adam(factors, g, cols, w, m, v);
    }
  });
}

void AdamW::step(const std::vector<Tensor>& gradients, double learning_rate, double scale) {
  ASCRIBO_ASSERT(gradients.size() == parameters_.size());
  ++steps_;
  const auto t = static_cast<double>(steps_);
  const auto narrow = [](double value) { return static_cast<float>(value); };
  const ops::simd::AdamFactors factors{
      .beta1 = narrow(options_.beta1),
      .rest1 = narrow(1 - options_.beta1),
      .beta2 = narrow(options_.beta2),
      .rest2 = narrow(1 - options_.beta2),
      .scale = narrow(scale),
      .step_size = narrow(learning_rate / (1 - std::pow(options_.beta1, t))),
      .square_root = narrow(1 / std::sqrt(1 - std::pow(options_.beta2, t))),
      .epsilon = narrow(options_.epsilon),
      .kept = narrow(1 - learning_rate * options_.weight_decay)};
  for (std::size_t n = 0; n < parameters_.size(); ++n) step(n, gradients[n], factors);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Hands weights to operations as the run has them.
#include "ascribo/models/training/apply.h"

#include "ascribo/ops/add.h"
#include "ascribo/ops/embedding.h"
#include "ascribo/ops/layer_norm.h"
#include "ascribo/ops/rms_norm.h"
#include "ascribo/ops/training/dropout.h"

namespace ascribo {

namespace {

LinearParameters parameters_of(const LinearWeight& weight, const Run& run) {
  if (!run.trains()) return {};
  return {run.parameter(weight.table()), run.parameter(weight.bias_table())};
}

}  // namespace

Variable apply(const LinearWeight& weight, const Variable& x, const Run& run) {
  return ops::linear(x, weight, run.precision(), parameters_of(weight, run));
}

Variable apply(const LinearWeight& weight, const Variable& x, Activation function, const Run& run) {
  return ops::linear_activation(x, weight, function, run.precision(), parameters_of(weight, run));
}

Variable apply(const Norm& norm, const Variable& x, const Run& run) {
  if (!norm.defined()) return x;
  const Variable gamma = run.parameter(norm.gamma);
  if (!norm.beta.defined()) return ops::rms_norm(x, gamma, norm.epsilon, norm.offset);
  return ops::layer_norm(x, gamma, run.parameter(norm.beta), norm.epsilon);
}

Variable apply(const Norm& norm, const Variable& x, const Variable& residual, const Run& run) {
  if (!norm.beta.defined()) return apply(norm, ops::add(x, residual), run);
  return ops::add_layer_norm(x, residual, run.parameter(norm.gamma), run.parameter(norm.beta),
                             norm.epsilon);
}

Variable look_up(const Tensor& table, const std::vector<std::int64_t>& indices, Dtype compute,
                 const Run& run) {
  return ops::embedding(run.parameter(table), indices, compute);
}

Variable drop_out(const Variable& x, double rate, Run& run) {
  if (rate == 0) return x;
  const auto stream = run.next_dropout();
  return stream ? ops::dropout(x, rate, *stream) : x;
}

}  // namespace ascribo

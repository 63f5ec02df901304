// SPDX-License-Identifier: MIT
// Times one encoder layer and its parts: 50 sequences of 31 tokens, forward and backward.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <vector>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/activation.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/layer_norm.h"
#include "ascribo/ops/linear.h"

namespace ascribo {
namespace {

constexpr std::int64_t kSequences = 50, kTokens = 31, kRows = kSequences * kTokens;

Tensor values(std::uint64_t role, Shape shape, double scale = 1.0) {
  return ops::sample_constant(role, std::move(shape), Dtype::kF32, scale);
}

LinearWeight weight(std::int64_t in, std::int64_t out) {
  return LinearWeight(values(7, {out, in}, 0.05), values(8, {out}));
}

std::shared_ptr<const AttentionLayout> layout(std::int64_t heads) {
  auto result = std::make_shared<AttentionLayout>();
  result->heads = heads;
  for (std::int64_t s = 0; s <= kSequences; ++s) {
    result->query_offsets.push_back(s * kTokens);
    result->key_offsets.push_back(s * kTokens);
  }
  return result;
}

// Runs `function` forward only, or forward and backward, reporting the time of that part alone.
template <class Function>
void run(benchmark::State& state, const std::vector<Tensor>& inputs, bool backward,
         Function&& function) {
  Tensor seeds;
  for (auto _ : state) {
    if (!backward) {
      std::vector<Variable> constants(inputs.begin(), inputs.end());
      benchmark::DoNotOptimize(function(constants).value().raw());
      continue;
    }
    state.PauseTiming();
    Tape tape;
    std::vector<Variable> watched;
    for (const Tensor& input : inputs) watched.push_back(tape.watch(input));
    const Variable y = function(watched);
    if (!seeds.defined()) {
      Shape shape{1};
      shape.insert(shape.end(), y.value().shape().begin(), y.value().shape().end());
      seeds = values(9, shape);
    }
    state.ResumeTiming();
    benchmark::DoNotOptimize(tape.gradients(y, seeds, watched, true)[0].raw());
  }
}

void product(benchmark::State& state) {
  const std::int64_t in = state.range(0), out = state.range(1), rows = state.range(2);
  const LinearWeight w = weight(in, out);
  const bool backward = state.range(3) != 0;
  run(state, {values(1, {rows, in})}, backward,
      [&](const auto& x) { return ops::linear(x[0], w); });
  const double work = 2.0 * static_cast<double>(in) * static_cast<double>(out * rows);
  state.counters["GFLOP/s"] =
      benchmark::Counter(work * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

void products(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t backward : {0, 1}) {
    for (const auto& [in, out] :
         {std::pair{768, 768}, {768, 3072}, {3072, 768}, {384, 384}, {384, 1536}, {1536, 384}}) {
      for (const int rows : {31, 128, 512, 1550, 2048}) bench->Args({in, out, rows, backward});
    }
  }
}
BENCHMARK(product)->Apply(products)->UseRealTime();

void attention_probs(benchmark::State& state) {
  const auto heads = layout(12);
  run(state, {values(1, {kRows, 768}), values(2, {kRows, 768})}, state.range(0) != 0,
      [&](const auto& x) { return ops::attention_probs(x[0], x[1], heads, 0.125); });
}
BENCHMARK(attention_probs)->Arg(0)->Arg(1)->UseRealTime();

void attention_mix(benchmark::State& state) {
  const auto heads = layout(12);
  run(state, {values(1, {heads->probs_offsets().back()}), values(2, {kRows, 768})},
      state.range(0) != 0, [&](const auto& x) { return ops::attention_mix(x[0], x[1], heads); });
}
BENCHMARK(attention_mix)->Arg(0)->Arg(1)->UseRealTime();

void gelu(benchmark::State& state) {
  run(state, {values(1, {kRows, 3072}, 3.0)}, state.range(0) != 0,
      [&](const auto& x) { return ops::activation(x[0], Activation::kGelu); });
}
BENCHMARK(gelu)->Arg(0)->Arg(1)->UseRealTime();

void add_layer_norm(benchmark::State& state) {
  const Tensor gamma = values(3, {768}), beta = values(4, {768});
  run(state, {values(1, {kRows, 768}), values(2, {kRows, 768})}, state.range(0) != 0,
      [&](const auto& x) { return ops::add_layer_norm(x[0], x[1], gamma, beta, 1e-12); });
}
BENCHMARK(add_layer_norm)->Arg(0)->Arg(1)->UseRealTime();

void layer(benchmark::State& state) {
  const auto heads = layout(12);
  const LinearWeight q = weight(768, 768), k = weight(768, 768), v = weight(768, 768);
  const LinearWeight o = weight(768, 768), up = weight(768, 3072), down = weight(3072, 768);
  const Tensor gamma = values(3, {768}), beta = values(4, {768});
  const auto forward = [&](const Variable& x) {
    const Variable probs = ops::attention_probs(ops::linear(x, q), ops::linear(x, k), heads, 0.125);
    const Variable mixed = ops::attention_mix(probs, ops::linear(x, v), heads);
    const Variable middle = ops::add_layer_norm(ops::linear(mixed, o), x, gamma, beta, 1e-12);
    const Variable inner = ops::activation(ops::linear(middle, up), Activation::kGelu);
    return ops::add_layer_norm(ops::linear(inner, down), middle, gamma, beta, 1e-12);
  };
  const Tensor x = values(1, {kRows, 768});
  const Tensor seeds = values(9, {1, kRows, 768});
  for (auto _ : state) {
    if (state.range(0) == 0) {
      benchmark::DoNotOptimize(forward(Variable(x)).value().raw());
      continue;
    }
    Tape tape;
    const Variable watched = tape.watch(x);
    const Variable y = forward(watched);
    benchmark::DoNotOptimize(tape.gradients(y, seeds, std::vector{watched}, true)[0].raw());
  }
}
BENCHMARK(layer)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ascribo

BENCHMARK_MAIN();

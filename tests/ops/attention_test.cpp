// SPDX-License-Identifier: MIT
// Causal attention against attention over shortened texts, and what unseen keys may not change.
#include "ascribo/ops/attention.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ascribo/graph/tape.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

constexpr std::int64_t kHeads = 2, kHidden = 10, kKeys = 67;

std::shared_ptr<AttentionLayout> one_sequence(std::int64_t queries, std::int64_t keys) {
  auto layout = std::make_shared<AttentionLayout>();
  layout->heads = kHeads;
  layout->query_offsets = {0, queries};
  layout->key_offsets = {0, keys};
  return layout;
}

// The first `keys` rows of an endless text.
Tensor rows(std::uint64_t role, std::int64_t keys, Dtype dtype) {
  return sample_constant(role, {kKeys, kHidden}, dtype, 2.0).slice(0, keys).clone();
}

TEST(CausalAttention, SeesWhatATextThatEndsAtTheQueryShows) {
  const Tensor q = rows(1, kKeys, Dtype::kF64), k = rows(2, kKeys, Dtype::kF64);
  for (const std::int64_t window : {-1, 0, 3}) {
    const ScoreTerms terms{.causal = true, .window = window};
    const Tensor all = attention_probs(q, k, one_sequence(kKeys, kKeys), 0.5, terms).value();
    for (std::int64_t i = 0; i < kKeys; ++i) {
      const auto layout = one_sequence(1, i + 1);
      layout->query_positions = {i};
      const Tensor own = attention_probs(q.slice(i, i + 1).clone(), k.slice(0, i + 1).clone(),
                                         layout, 0.5, {.window = window})
                             .value();
      for (std::int64_t head = 0; head < kHeads; ++head) {
        for (std::int64_t j = 0; j < kKeys; ++j) {
          const double actual = all.data<double>()[(head * kKeys + i) * kKeys + j];
          const double expected = j <= i ? own.data<double>()[head * (i + 1) + j] : 0.0;
          ASSERT_DOUBLE_EQ(actual, expected) << "head " << head << ", query " << i << ", key " << j;
        }
      }
    }
  }
}

TEST(CausalAttention, BitsDoNotDependOnWhatFollowsNorOnTheOtherQueries) {
  const Tensor q = rows(1, kKeys, Dtype::kF32), k = rows(2, kKeys, Dtype::kF32);
  const ScoreTerms terms{.causal = true};
  const Tensor all = attention_probs(q, k, one_sequence(kKeys, kKeys), 0.5, terms).value();
  const auto expect_same = [&](const Tensor& some, std::int64_t queries, std::int64_t keys,
                               std::int64_t first) {
    for (std::int64_t row = 0; row < kHeads * queries; ++row) {
      const std::int64_t head = row / queries, i = first + row % queries;
      for (std::int64_t j = 0; j < keys; ++j) {
        ASSERT_EQ(some.data<float>()[row * keys + j],
                  all.data<float>()[(head * kKeys + i) * kKeys + j]);
      }
    }
  };
  for (const std::int64_t keys : {1, 16, 33, 50}) {
    const Tensor shorter = attention_probs(q.slice(0, keys).clone(), k.slice(0, keys).clone(),
                                           one_sequence(keys, keys), 0.5, terms)
                               .value();
    expect_same(shorter, keys, keys, 0);
    const auto layout = one_sequence(1, kKeys);
    layout->query_positions = {keys};
    const Tensor one =
        attention_probs(q.slice(keys, keys + 1).clone(), k, layout, 0.5, terms).value();
    expect_same(one, 1, kKeys, keys);
  }
}

TEST(CausalAttention, KeysThatNobodySeesGetGradientsOfZero) {
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
    const auto layout = one_sequence(2, kKeys);
    layout->query_positions = {0, 5};
    layout->visible.assign(kKeys, 1);
    layout->visible[0] = 0;  // the first query sees nothing at all
    Tape tape;
    const Variable q = tape.watch(rows(1, 2, dtype)), k = tape.watch(rows(2, kKeys, dtype));
    const Variable probs = attention_probs(q, k, layout, 0.5, {.causal = true});
    const Tensor seeds = sample_constant(3, {1, probs.value().numel()}, dtype);
    const std::vector<Tensor> gradients = tape.gradients(probs, seeds, std::vector<Variable>{q, k});
    const std::vector<double> dq = gradients[0].to_vector<double>();
    const std::vector<double> dk = gradients[1].to_vector<double>();
    for (std::size_t i = 0; i < dq.size(); ++i) {
      EXPECT_EQ(dq[i] == 0, i < kHidden) << i;
    }
    for (std::size_t i = 0; i < dk.size(); ++i) {
      const std::size_t key = i / kHidden;
      EXPECT_EQ(dk[i] == 0, key == 0 || key > 5) << i;
    }
  }
}

// Whole rows of weights that are 0 are passed over in single precision; double knows no shortcuts.
TEST(CausalAttention, WhatIsPassedOverChangesNothing) {
  constexpr std::int64_t kLong = 260;
  std::vector<std::vector<double>> results[2];
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
    const auto layout = one_sequence(kLong, kLong);
    layout->visible.assign(kLong, 1);
    std::fill_n(layout->visible.begin(), 70, std::uint8_t{0});
    Tape tape;
    std::vector<Variable> x;
    for (const std::uint64_t role : {1, 2, 3}) {
      x.push_back(tape.watch(sample_constant(role, {kLong, kHidden}, dtype, 2.0)));
    }
    const Variable probs = attention_probs(x[0], x[1], layout, 0.5, {.causal = true, .window = 90});
    const Variable y = attention_mix(probs, x[2], layout);
    auto& kept = results[dtype == Dtype::kF64];
    kept.push_back(y.value().to_vector<double>());
    const Tensor seeds = sample_constant(4, {2, kLong, kHidden}, dtype);
    for (const Tensor& gradient : tape.gradients(y, seeds, x)) {
      kept.push_back(gradient.to_vector<double>());
    }
  }
  for (std::size_t n = 0; n < results[0].size(); ++n) {
    ASSERT_EQ(results[0][n].size(), results[1][n].size());
    for (std::size_t i = 0; i < results[0][n].size(); ++i) {
      ASSERT_NEAR(results[0][n][i], results[1][n][i], 1e-5) << n << " at " << i;
    }
  }
}

}  // namespace
}  // namespace ascribo::ops

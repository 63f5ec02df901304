// SPDX-License-Identifier: MIT
// Tables of relative positions, computed once, and the probabilities that they lead to.
#include "ascribo/models/relative_positions.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/models/rotary_scaling.h"
#include "ascribo/models/training/apply.h"
#include "ascribo/ops/rotary.h"
#include "ascribo/ops/training/spread_buckets.h"

namespace ascribo {
namespace {

template <class T>
Tensor rotary_table(std::int64_t positions, const std::vector<float>& frequencies, double factor) {
  const auto pairs = static_cast<std::int64_t>(frequencies.size());
  Tensor table = Tensor::empty({positions, 2 * pairs}, dtype_of<T>());
  T* entries = table.mutable_data<T>();
  for (std::int64_t p = 0; p < positions; ++p) {
    T* row = entries + p * 2 * pairs;
    for (std::int64_t d = 0; d < pairs; ++d) {
      const float angle = static_cast<float>(p) * frequencies[static_cast<std::size_t>(d)];
      row[d] = std::cos(static_cast<T>(angle)) * static_cast<T>(factor);
      row[pairs + d] = std::sin(static_cast<T>(angle)) * static_cast<T>(factor);
    }
  }
  return table;
}

// 128, doubled until it holds `least`: a table is made anew a few times only.
std::int64_t grown(std::int64_t least) {
  std::int64_t size = 128;
  while (size < least) size *= 2;
  return size;
}

// base^1, base^step, ... in single precision, base = 2^(-8 / heads).
void add_slopes(std::int64_t heads, std::int64_t count, int step, std::vector<float>& slopes) {
  const auto base = static_cast<float>(std::exp2(-8.0 / static_cast<double>(heads)));
  for (std::int64_t i = 0; i < count; ++i) {
    slopes.push_back(std::pow(base, static_cast<float>(1 + i * step)));
  }
}

template <class T>
Tensor alibi_table(std::int64_t reach, const std::vector<float>& slopes) {
  const auto heads = static_cast<std::int64_t>(slopes.size());
  Tensor table = Tensor::empty({heads, 2 * reach + 1}, dtype_of<T>());
  T* entry = table.mutable_data<T>();
  for (const float slope : slopes) {
    for (std::int64_t ahead = -reach; ahead <= reach; ++ahead) {
      *entry++ = -static_cast<T>(slope) * static_cast<T>(std::abs(ahead));
    }
  }
  return table;
}

// The farthest that a query and a key of one sequence can be apart.
std::int64_t reach_of(const AttentionLayout& layout) {
  std::int64_t longest = 1;
  for (std::size_t s = 0; s + 1 < layout.key_offsets.size(); ++s) {
    longest = std::max(longest, layout.keys(s));
  }
  return longest - 1;
}

}  // namespace

RotaryAngles::RotaryAngles(std::int64_t width, double theta, Dtype compute)
    : RotaryAngles(width, RotaryScaling{.theta = theta}, compute) {}

RotaryAngles::RotaryAngles(std::int64_t width, const RotaryScaling& scaling, Dtype compute)
    : frequencies_(scaling.frequencies(width)),
      attention_factor_(scaling.attention_factor),
      compute_(compute) {}

Tensor RotaryAngles::up_to(std::int64_t positions) const {
  const std::lock_guard lock(mutex_);
  if (!known_.defined() || known_.dim(0) < positions) {
    const auto make = compute_ == Dtype::kF32 ? rotary_table<float> : rotary_table<double>;
    known_ = make(grown(positions), frequencies_, attention_factor_);
  }
  return known_;
}

AlibiBiases::AlibiBiases(std::int64_t heads, Dtype compute) : compute_(compute) {
  std::int64_t power = 1;
  while (2 * power <= heads) power *= 2;
  add_slopes(power, power, 1, slopes_);
  add_slopes(2 * power, heads - power, 2, slopes_);
}

Tensor AlibiBiases::up_to(std::int64_t reach) const {
  const std::lock_guard lock(mutex_);
  if (!known_.defined() || known_.cols() < 2 * reach + 1) {
    const auto make = compute_ == Dtype::kF32 ? alibi_table<float> : alibi_table<double>;
    known_ = make(grown(reach), slopes_);
  }
  return known_;
}

std::vector<std::int32_t> distance_rows(std::int64_t reach, std::int64_t buckets,
                                        std::int64_t farthest) {
  const std::int64_t span = buckets > 0 ? buckets : farthest, middle = buckets / 2;
  std::vector<std::int32_t> rows;
  for (std::int64_t distance = -reach; distance <= reach; ++distance) {
    std::int64_t bucket = std::abs(distance);
    if (buckets > 0 && bucket > middle) {
      // In single precision, as models were trained: rounding up hangs on it.
      const float ratio = static_cast<float>(bucket) / static_cast<float>(middle);
      const float whole =
          static_cast<float>(static_cast<double>(farthest - 1) / static_cast<double>(middle));
      const float part = std::log(ratio) / std::log(whole) * static_cast<float>(middle - 1);
      bucket = static_cast<std::int64_t>(std::ceil(part)) + middle;
    }
    const std::int64_t row = span + (distance < 0 ? -bucket : bucket);
    rows.push_back(static_cast<std::int32_t>(std::clamp<std::int64_t>(row, 0, 2 * span - 1)));
  }
  return rows;
}

DistanceTables::DistanceTables(Tensor embeddings, Norm norm, LinearWeight keys,
                               LinearWeight queries, std::vector<std::int32_t> rows, Dtype compute,
                               bool keep)
    : embeddings_(std::move(embeddings)),
      norm_(std::move(norm)),
      keys_(std::move(keys)),
      queries_(std::move(queries)),
      rows_(std::move(rows)),
      compute_(compute),
      keep_(keep) {
  const auto count = static_cast<std::int32_t>(embeddings_.dim(0));
  ASCRIBO_ASSERT(std::is_sorted(rows_.begin(), rows_.end()));
  ASCRIBO_ASSERT(rows_.front() >= 0 && rows_.back() < count);
}

RelativeTables DistanceTables::make(double dropout, Run& run) const {
  Variable x = run.parameter(embeddings_.to(compute_));
  x = drop_out(apply(norm_, x, run), dropout, run);
  RelativeTables made{.keys = {}, .queries = {}, .buckets = rows_};
  if (keys_.defined()) made.keys = apply(keys_, x, run);
  if (queries_.defined()) made.queries = apply(queries_, x, run);
  return made;
}

std::shared_ptr<const RelativeTables> DistanceTables::tables(double dropout, Run& run) const {
  if (!keep_) return std::make_shared<const RelativeTables>(make(dropout, run));
  std::call_once(once_, [&] {
    Run apart;
    tables_ = std::make_shared<const RelativeTables>(make(0, apart));
  });
  return tables_;
}

namespace {

/// The bucket of every distance from -reach to reach.
std::vector<std::int64_t> bias_buckets(std::int64_t buckets, std::int64_t reach,
                                       std::int64_t farthest) {
  const std::int64_t half = buckets / 2, exact = half / 2;
  std::vector<std::int64_t> found;
  for (std::int64_t ahead = -reach; ahead <= reach; ++ahead) {
    std::int64_t bucket = std::abs(ahead);
    if (bucket >= exact) {
      const float ratio = static_cast<float>(bucket) / static_cast<float>(exact);
      const auto whole =
          static_cast<float>(std::log(static_cast<double>(farthest) / static_cast<double>(exact)));
      const float part = std::log(ratio) / whole * static_cast<float>(half - exact);
      bucket = std::min(exact + static_cast<std::int64_t>(part), half - 1);
    }
    found.push_back(ahead > 0 ? bucket + half : bucket);
  }
  return found;
}

}  // namespace

Tensor distance_biases(const Tensor& table, std::int64_t reach, std::int64_t farthest,
                       Dtype compute) {
  return ops::spread_buckets(table.to(compute), bias_buckets(table.dim(0), reach, farthest))
      .value();
}

DistanceBiases::DistanceBiases(Tensor table, std::int64_t reach, std::int64_t farthest,
                               Dtype compute, bool keep)
    : table_(std::move(table)), reach_(reach), farthest_(farthest) {
  if (keep) kept_ = distance_biases(table_, reach, farthest, compute);
}

Variable DistanceBiases::biases(const Run& run) const {
  if (kept_.defined()) return kept_;
  return ops::spread_buckets(run.parameter(table_), bias_buckets(table_.dim(0), reach_, farthest_));
}

Variable turned(const RelativePositions& relative, const Variable& x, std::int64_t heads,
                const AttentionLayout& layout,
                std::vector<std::int64_t> (AttentionLayout::*places)() const) {
  if (!relative.rotary) return x;
  return ops::rotary(x, heads, relative.rotary->up_to(reach_of(layout) + 1), (layout.*places)());
}

Variable relative_attention_probs(const RelativePositions& relative, const Variable& q,
                                  const Variable& k,
                                  const std::shared_ptr<const AttentionLayout>& layout,
                                  double dropout, Run& run) {
  ScoreTerms terms{.causal = relative.causal, .window = relative.window};
  if (relative.biases) terms.by_distance = relative.biases->biases(run);
  if (relative.alibi) {
    ASCRIBO_ASSERT(!relative.biases);
    terms.by_distance = relative.alibi->up_to(reach_of(*layout));
  }
  if (relative.distances) {
    terms.added = ops::relative_scores(q, k, layout, relative.distances->tables(dropout, run));
  }
  const auto width = static_cast<double>(q.value().cols() * relative.terms);
  return ops::attention_probs(q, k, layout, std::sqrt(static_cast<double>(layout->heads) / width),
                              terms);
}

}  // namespace ascribo

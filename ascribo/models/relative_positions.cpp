// SPDX-License-Identifier: MIT
// Tables of relative positions, computed once, and the probabilities that they lead to.
#include "ascribo/models/relative_positions.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/ops/layer_norm.h"
#include "ascribo/ops/rotary.h"

namespace ascribo {
namespace {

template <class T>
Tensor rotary_table(std::int64_t positions, std::int64_t width, double theta) {
  Tensor table = Tensor::empty({positions, width}, dtype_of<T>());
  T* entries = table.mutable_data<T>();
  for (std::int64_t d = 0; d < width / 2; ++d) {
    const float power = static_cast<float>(2 * d) / static_cast<float>(width);
    const float frequency = 1.0f / std::pow(static_cast<float>(theta), power);
    for (std::int64_t p = 0; p < positions; ++p) {
      const float angle = static_cast<float>(p) * frequency;
      entries[p * width + d] = std::cos(static_cast<T>(angle));
      entries[p * width + width / 2 + d] = std::sin(static_cast<T>(angle));
    }
  }
  return table;
}

}  // namespace

RotaryAngles::RotaryAngles(std::int64_t width, double theta, Dtype compute)
    : width_(width), theta_(theta), compute_(compute) {}

Tensor RotaryAngles::up_to(std::int64_t positions) const {
  const std::lock_guard lock(mutex_);
  if (!known_.defined() || known_.dim(0) < positions) {
    std::int64_t rows = 128;
    while (rows < positions) rows *= 2;
    const auto make = compute_ == Dtype::kF32 ? rotary_table<float> : rotary_table<double>;
    known_ = make(rows, width_, theta_);
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
                               LinearWeight queries, std::vector<std::int32_t> rows, Dtype compute)
    : embeddings_(std::move(embeddings)),
      norm_(std::move(norm)),
      keys_(std::move(keys)),
      queries_(std::move(queries)),
      rows_(std::move(rows)),
      compute_(compute) {
  const auto count = static_cast<std::int32_t>(embeddings_.dim(0));
  ASCRIBO_ASSERT(std::is_sorted(rows_.begin(), rows_.end()));
  ASCRIBO_ASSERT(rows_.front() >= 0 && rows_.back() < count);
}

std::shared_ptr<const RelativeTables> DistanceTables::tables() const {
  std::call_once(once_, [&] {
    Variable x = embeddings_.to(compute_);
    if (norm_.defined()) x = ops::layer_norm(x, norm_.gamma, norm_.beta, norm_.epsilon);
    RelativeTables made{.keys = {}, .queries = {}, .buckets = rows_};
    if (keys_.defined()) made.keys = ops::linear(x, keys_).value();
    if (queries_.defined()) made.queries = ops::linear(x, queries_).value();
    tables_ = std::make_shared<const RelativeTables>(std::move(made));
  });
  return tables_;
}

Tensor distance_biases(const Tensor& table, std::int64_t reach, std::int64_t farthest,
                       Dtype compute) {
  const std::int64_t half = table.dim(0) / 2, exact = half / 2, heads = table.cols();
  const std::vector<double> stored = table.to(Dtype::kF64).to_vector<double>();
  std::vector<double> biases(static_cast<std::size_t>(heads * (2 * reach + 1)));
  for (std::int64_t ahead = -reach; ahead <= reach; ++ahead) {
    std::int64_t bucket = std::abs(ahead);
    if (bucket >= exact) {
      const float ratio = static_cast<float>(bucket) / static_cast<float>(exact);
      const auto whole =
          static_cast<float>(std::log(static_cast<double>(farthest) / static_cast<double>(exact)));
      const float part = std::log(ratio) / whole * static_cast<float>(half - exact);
      bucket = std::min(exact + static_cast<std::int64_t>(part), half - 1);
    }
    if (ahead > 0) bucket += half;
    for (std::int64_t head = 0; head < heads; ++head) {
      biases[static_cast<std::size_t>(head * (2 * reach + 1) + reach + ahead)] =
          stored[static_cast<std::size_t>(bucket * heads + head)];
    }
  }
  return Tensor::from<double>(biases, {heads, 2 * reach + 1}).to(compute);
}

Variable relative_attention_probs(const RelativePositions& relative, Variable q, Variable k,
                                  const std::shared_ptr<const AttentionLayout>& layout) {
  if (relative.rotary) {
    const std::vector<std::int64_t> places = layout->key_places();
    const auto farthest = std::max_element(places.begin(), places.end());
    const Tensor angles = relative.rotary->up_to(farthest == places.end() ? 1 : *farthest + 1);
    q = ops::rotary(q, layout->heads, angles, layout->query_places());
    k = ops::rotary(k, layout->heads, angles, places);
  }
  ScoreTerms terms{
      .causal = relative.causal, .window = relative.window, .by_distance = relative.by_distance};
  if (relative.distances) {
    terms.added = ops::relative_scores(q, k, layout, relative.distances->tables());
  }
  const auto width = static_cast<double>(q.value().cols() * relative.terms);
  return ops::attention_probs(q, k, layout, std::sqrt(static_cast<double>(layout->heads) / width),
                              terms);
}

}  // namespace ascribo

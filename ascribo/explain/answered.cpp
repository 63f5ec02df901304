// SPDX-License-Identifier: MIT
// Finds the answers of each variant and the way back from scores to them.
#include "ascribo/explain/answered.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace ascribo {

Answered::Answered(std::vector<double> logits, const Batch& batch, HeadKind head)
    : logits_(std::move(logits)), offsets_(batch.read_offsets), per_token_(answers_tokens(head)) {
  if (!per_token_) std::iota(offsets_.begin(), offsets_.end(), std::int64_t{0});
}

std::int64_t Answered::outputs() const {
  return answers() == 0 ? 0 : static_cast<std::int64_t>(logits_.size()) / answers();
}

std::span<const double> Answered::of(std::size_t variant) const {
  const auto from = static_cast<std::size_t>(offsets_[variant] * outputs());
  const auto to = static_cast<std::size_t>(offsets_[variant + 1] * outputs());
  return std::span(logits_).subspan(from, to - from);
}

std::int64_t shared_answers(const Variant& variant, std::int64_t shared) {
  const std::vector<std::int64_t>& reads = variant.sequence.reads;
  if (reads.empty()) return shared;
  return std::lower_bound(reads.begin(), reads.end(), shared) - reads.begin();
}

std::vector<double> Answered::spread(std::span<const double> left, const Variant& variant) const {
  const Sequence& whole = variant.task->sequence;
  std::vector<double> all;
  auto next = left.begin();
  const auto add = [&](std::int64_t token) {
    if (!std::binary_search(variant.kept.begin(), variant.kept.end(), token)) {
      all.insert(all.end(), static_cast<std::size_t>(outputs()), -INFINITY);
      return;
    }
    all.insert(all.end(), next, next + outputs());
    next += outputs();
  };
  for (const std::int64_t token : whole.reads) add(token);
  for (std::int64_t i = 0; whole.reads.empty() && i < whole.size(); ++i) add(i);
  return all;
}

template <class T>
Tensor make_seeds(const Answered& answered, std::span<const Variant> variants, std::size_t first,
                  std::size_t count) {
  Tensor seeds = Tensor::zeros(
      {static_cast<std::int64_t>(count), answered.answers(), answered.outputs()}, dtype_of<T>());
  T* data = seeds.mutable_data<T>();
  std::vector<double> gradient;
  for (std::size_t k = 0; k < count; ++k) {
    T* seed = data + k * answered.logits().size();
    for (std::size_t v = 0; v < variants.size(); ++v) {
      const Task& task = *variants[v].task;
      if (first + k >= task.targets.size()) continue;
      const std::span<const double> logits = answered.of(v);
      gradient.resize(logits.size());
      task.score.gradient(logits, task.targets[first + k].readout, gradient);
      std::transform(gradient.begin(), gradient.end(),
                     seed + (logits.data() - answered.logits().data()),
                     [](double value) { return static_cast<T>(value); });
    }
  }
  return seeds;
}

template Tensor make_seeds<float>(const Answered&, std::span<const Variant>, std::size_t,
                                  std::size_t);
template Tensor make_seeds<double>(const Answered&, std::span<const Variant>, std::size_t,
                                   std::size_t);

}  // namespace ascribo

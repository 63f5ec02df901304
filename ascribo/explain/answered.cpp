// SPDX-License-Identifier: MIT
// Finds the answers of each variant and the way back from scores to them.
#include "ascribo/explain/answered.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "ascribo/explain/perturb/mask_scores.h"

namespace ascribo {

Answered::Answered(const Tensor& logits, const Batch& batch, HeadKind head)
    : logits_(logits.to(Dtype::kF64)),
      offsets_(batch.read_offsets),
      per_token_(answers_tokens(head)) {
  if (!per_token_) std::iota(offsets_.begin(), offsets_.end(), std::int64_t{0});
}

std::int64_t Answered::outputs() const { return answers() == 0 ? 0 : logits_.numel() / answers(); }

std::span<const double> Answered::of(std::size_t variant) const {
  const auto from = static_cast<std::size_t>(offsets_[variant] * outputs());
  const auto to = static_cast<std::size_t>(offsets_[variant + 1] * outputs());
  return logits().subspan(from, to - from);
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

std::vector<std::int64_t> outputs_scored(std::span<const Variant> variants,
                                         const ModelInfo& model) {
  if (model.head != HeadKind::kMaskedLanguageModel &&
      model.head != HeadKind::kCausalLanguageModel) {
    return {};
  }
  std::set<std::int64_t> outputs;
  std::set<const Task*> seen;
  for (const Variant& variant : variants) {
    const Task& task = *variant.task;
    if (!seen.insert(&task).second) continue;
    const auto is_logit = [](ScoreKind kind) { return kind == ScoreKind::kLogit; };
    if (task.targets.empty() || !is_logit(task.score.kind())) return {};
    if (task.masks && !std::all_of(task.masks->others.begin(), task.masks->others.end(),
                                   [&](const auto& other) { return is_logit(other.kind); })) {
      return {};
    }
    for (const Target& target : task.targets) {
      if (target.readout.function) return {};
      target.readout.each_share([&](double, const std::vector<Cell>& cells) {
        for (const Cell& cell : cells) outputs.insert(cell.index % model.outputs);
      });
    }
  }
  return {outputs.begin(), outputs.end()};
}

namespace {

// The answers that a target of a variant reads; none where its task has fewer targets.
RowRange answers_read(const Answered& answered, std::size_t number, const Variant& variant,
                      std::size_t target) {
  const Task& task = *variant.task;
  if (target >= task.targets.size()) return {};
  const auto outputs = static_cast<std::size_t>(answered.outputs());
  const auto [begin, end] =
      task.score.reach(task.targets[target].readout, answered.of(number).size());
  const std::size_t from = begin / outputs, to = (end + outputs - 1) / outputs;
  return {answered.first(number) + static_cast<std::int64_t>(from),
          static_cast<std::int64_t>(to - from)};
}

}  // namespace

template <class T>
Seeds make_seeds(const Answered& answered, std::span<const Variant> variants, std::size_t first,
                 std::size_t count) {
  std::vector<std::vector<RowRange>> read(count);
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t v = 0; v < variants.size(); ++v) {
      read[k].push_back(answers_read(answered, v, variants[v], first + k));
    }
  }
  const auto rows = std::make_shared<const GradientRows>(answered.answers(), read);
  const std::int64_t outputs = answered.outputs();
  Tensor seeds = Tensor::empty(rows->shape({answered.answers(), outputs}), dtype_of<T>());
  std::vector<double> gradient;
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t v = 0; v < variants.size(); ++v) {
      const RowRange& own = read[k][v];
      if (own.count == 0) continue;
      const Task& task = *variants[v].task;
      gradient.resize(static_cast<std::size_t>(own.count * outputs));
      task.score.gradient(answered.of(v), task.targets[first + k].readout, gradient,
                          static_cast<std::size_t>((own.row - answered.first(v)) * outputs));
      const std::int64_t at =
          rows->within(static_cast<std::int64_t>(k), own.row, own.row + own.count)->at;
      std::transform(gradient.begin(), gradient.end(), seeds.mutable_data<T>() + at * outputs,
                     [](double value) { return static_cast<T>(value); });
    }
  }
  return {seeds, rows};
}

template Seeds make_seeds<float>(const Answered&, std::span<const Variant>, std::size_t,
                                 std::size_t);
template Seeds make_seeds<double>(const Answered&, std::span<const Variant>, std::size_t,
                                  std::size_t);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Fills batches with variants, runs them, and hands the pieces back in order.
#include "ascribo/explain/scorer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/in_order.h"
#include "ascribo/base/profile.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/answered.h"
#include "ascribo/explain/finite.h"
#include "ascribo/explain/rows.h"

namespace ascribo {
namespace {

// Gradients of several targets share one forward; their rows together stay within this many
// batches' worth.
constexpr std::int64_t kBackwardBudgets = 4;

// Fewer rows than this are not worth a thread of their own.
constexpr std::int64_t kLeastRows = 64;

// Where threads run batches of their own, gradients of all targets wait for their turn; beyond this
// many targets, batches run one after another instead.
constexpr std::size_t kTargetsSideBySide = 16;

}  // namespace

// How a sweep is cut: batches of at most `rows` rows, `threads` of them at a time.
struct Scorer::Cut {
  int threads = 1;
  std::int64_t rows = 0;
  std::int64_t batches = 0;  // that are to be alike; 0: each is as large as it may be
  std::int64_t all = 0;      // rows that these have together
};

struct Scorer::Pending {
  std::int64_t first_item = 0;
  std::vector<Variant> variants;
  std::vector<std::int64_t> shared;  // tokens that each begins with and the one before it, too
  Batch batch;
};

// What a batch gave, or with very many targets a part of it.
struct Scorer::Portion {
  std::shared_ptr<const Answered> answered = {};
  Tensor values = {};  // [rows, n] at the tap, if any
  std::size_t first_target = 0, count = 0;
  Tensor gradients = {};  // [count, rows, n], if wanted

  void deliver(const Sweep& sweep, const Pending& pending) const;
};

// Cuts a sweep into batches, asking for variants as late as possible.
class Scorer::Queue {
 public:
  explicit Queue(const Sweep& sweep) : sweep_(sweep) { ask(); }

  const std::optional<Variant>& upcoming() const { return upcoming_; }

  // The variants of the next batch, at least one; null when there are none left.
  std::shared_ptr<const Pending> next(const Cut& cut) {
    if (!upcoming_) return nullptr;
    auto pending = std::make_shared<Pending>();
    pending->first_item = item_;
    do {
      append(*pending);
      ++item_;
      ask();
    } while (upcoming_ && (shared() > 0 || takes_more(pending->batch.rows(), cut)));
    rows_ += pending->batch.rows();
    ++batches_;
    return pending;
  }

 private:
  // Whether what comes next belongs to a batch of `rows` rows: it fits, and the batch ends nearer
  // to its share of all rows with it than without.
  bool takes_more(std::int64_t rows, const Cut& cut) const {
    const std::int64_t more = group_rows();
    if (rows + more > cut.rows) return false;
    return cut.batches == 0 ||
           (2 * (rows_ + rows) + more) * cut.batches <= 2 * cut.all * (batches_ + 1);
  }

  std::int64_t shared() const {
    return sweep_.shared.empty() ? 0 : sweep_.shared[static_cast<std::size_t>(item_)].shared;
  }

  // Of the upcoming variant, with those that have to run along with it.
  std::int64_t group_rows() const {
    if (sweep_.shared.empty()) return upcoming_->sequence.size();
    std::int64_t rows = 0;
    for (auto at = static_cast<std::size_t>(item_); at < sweep_.shared.size(); ++at) {
      if (rows > 0 && sweep_.shared[at].shared == 0) break;
      rows += sweep_.shared[at].rows;
    }
    return rows;
  }

  void append(Pending& pending) {
    const std::int64_t shared = this->shared();
    pending.shared.push_back(shared);
    if (shared == 0) {
      pending.batch.append(upcoming_->sequence);
    } else {
      Sequence rest = rest_of(upcoming_->sequence, shared);
      rest.shared = shared;
      pending.batch.append(rest);
    }
    pending.variants.push_back(std::move(*upcoming_));
  }

  void ask() {
    upcoming_.reset();
    if (item_ < sweep_.count) upcoming_ = sweep_.variant(item_);
  }

  const Sweep& sweep_;
  std::int64_t rows_ = 0, batches_ = 0;  // handed out
  std::int64_t item_ = 0;
  std::optional<Variant> upcoming_;  // the variant of item_
};

Sweep sweep_texts(std::span<Task> tasks, std::int64_t times) {
  Sweep sweep{.count = static_cast<std::int64_t>(tasks.size()) * times,
              .variant = [tasks, times](std::int64_t item) {
                Task& task = tasks[static_cast<std::size_t>(item / times)];
                return Variant{&task, task.sequence};
              }};
  for (const Task& task : tasks) sweep.rows += task.sequence.size() * times;
  return sweep;
}

Scorer::Scorer(const Model& model, const Tokenizer* tokenizer, std::int64_t batch_tokens,
               std::function<void()> check)
    : model_(model), tokenizer_(tokenizer), batch_tokens_(batch_tokens), check_(std::move(check)) {
  ASCRIBO_ASSERT(batch_tokens >= 1);
}

std::int64_t Scorer::width(TapPoint at) const {
  const ModelInfo& model = model_.info();
  if (at.tap == Tap::kHidden) return model.hidden;
  return at.tap == Tap::kEmbeddings ? model.embeddings : model.embedding;
}

// Batches of one size, a whole number of them for every thread. Where the rows of all are not known
// they are taken to be as long as the first one.
Scorer::Cut Scorer::cut(const Sweep& sweep, const Variant& first) const {
  const std::int64_t threads =
      std::min({std::int64_t{free_threads()}, batch_tokens_ / kLeastRows, sweep.count});
  const bool many_targets = sweep.gradients && first.task->targets.size() > kTargetsSideBySide;
  if (threads <= 1 || many_targets) return {1, batch_tokens_};
  if (!sweep.shared.empty()) return cut_groups(sweep, threads);
  const std::int64_t length = std::max<std::int64_t>(1, first.sequence.size());
  const bool known = sweep.rows > 0;
  const std::int64_t all = known ? sweep.rows : sweep.count * length;
  // Where lengths differ, a batch may end half a variant away from where it should.
  const std::int64_t spare = known ? threads * length / 2 : 0;
  const std::int64_t round = std::max<std::int64_t>(threads, batch_tokens_ - spare);
  const std::int64_t batches = (all + round - 1) / round * threads;
  return {static_cast<int>(threads), batch_tokens_ / threads, batches, all};
}

// Likewise, of whole groups of variants that share rows.
Scorer::Cut Scorer::cut_groups(const Sweep& sweep, std::int64_t threads) const {
  std::int64_t all = 0, groups = 0, group = 0, largest = 0;
  for (const SharedRows& each : sweep.shared) {
    if (each.shared == 0) ++groups;
    group = each.shared == 0 ? each.rows : group + each.rows;
    largest = std::max(largest, group);
    all += each.rows;
  }
  threads = std::min({threads, groups, std::max<std::int64_t>(1, batch_tokens_ / largest)});
  if (threads <= 1) return {1, batch_tokens_};
  const std::int64_t batches = (all + batch_tokens_ - 1) / batch_tokens_ * threads;
  return {static_cast<int>(threads), std::min(batch_tokens_ / threads, all / batches)};
}

void Scorer::run(const Sweep& sweep) {
  ASCRIBO_ASSERT(sweep.shared.empty() || (model_.info().causal && !sweep.gradients));
  ASCRIBO_ASSERT(sweep.at || (!sweep.fill && !sweep.gradients));
  if (counts_only_) return count(sweep);
  Queue queue(sweep);
  if (!queue.upcoming()) return;
  const Cut cut = this->cut(sweep, *queue.upcoming());
  model_.pack(sweep.gradients, precision_);
  const auto next = [&] {
    auto pending = queue.next(cut);
    if (pending && check_) check_();
    return pending;
  };
  if (cut.threads == 1) {
    while (const auto pending = next()) {
      run_batch(sweep, *pending, [&](const Portion& portion) { portion.deliver(sweep, *pending); });
    }
    return;
  }
  run_in_order(cut.threads, [&]() -> Job {
    const auto pending = next();
    if (!pending) return {};
    return [this, &sweep, pending]() -> Delivery {
      auto portions = std::make_shared<std::vector<Portion>>();
      run_batch(sweep, *pending, [&](Portion portion) { portions->push_back(std::move(portion)); });
      return [&sweep, pending, portions] {
        for (const Portion& portion : *portions) portion.deliver(sweep, *pending);
      };
    };
  });
}

void Scorer::run_batch(const Sweep& sweep, const Pending& pending, const Emit& emit) const {
  const ProfileScope scope("explain", "batches");
  const Batch& batch = pending.batch;
  Run run;
  run.set_precision(precision_);
  Tensor values;
  if (sweep.fill) {
    values = Tensor::empty({batch.rows(), width(*sweep.at)}, model_.compute());
    for (std::size_t v = 0; v < pending.variants.size(); ++v) {
      const auto item = pending.first_item + static_cast<std::int64_t>(v);
      const std::int64_t shared = pending.shared[v], rows = pending.variants[v].sequence.size();
      Tensor slice = values.slice(batch.offsets[v], batch.offsets[v + 1]);
      if (shared == 0) {
        sweep.fill(item, slice);
        continue;
      }
      Tensor whole = Tensor::empty({rows, values.cols()}, values.dtype());
      sweep.fill(item, whole);
      copy_rows(whole.slice(shared, rows), slice);
    }
    run.replace(*sweep.at, values);
  }
  if (sweep.only_scores || sweep.gradients)
    run.set_outputs(outputs_scored(pending.variants, model_.info()));
  if (sweep.at) sweep.gradients ? run.watch(*sweep.at) : run.capture(*sweep.at);

  const Variable output = model_.forward(batch, run);
  const auto answered = std::make_shared<const Answered>(output.value(), batch, model_.info().head);
  check_finite(model_, *answered, batch, sweep.at, values);
  if (sweep.gradients) return backward(sweep, pending, run, output, answered, emit);
  Portion portion{.answered = answered};
  if (sweep.at) portion.values = run.at(*sweep.at).value();
  emit(std::move(portion));
}

void Scorer::backward(const Sweep& sweep, const Pending& pending, Run& run, const Variable& output,
                      const std::shared_ptr<const Answered>& answered, const Emit& emit) const {
  std::size_t most = 0;
  for (const Variant& variant : pending.variants) {
    most = std::max(most, variant.task->targets.size());
  }
  const auto at_once = static_cast<std::size_t>(
      std::max<std::int64_t>(1, kBackwardBudgets * batch_tokens_ / pending.batch.rows()));
  const Tensor values = run.at(*sweep.at).value();
  for (std::size_t first = 0; first < most; first += at_once) {
    const std::size_t count = std::min(at_once, most - first);
    const Seeds seeds = model_.compute() == Dtype::kF64
                            ? make_seeds<double>(*answered, pending.variants, first, count)
                            : make_seeds<float>(*answered, pending.variants, first, count);
    const bool last = first + count == most;
    emit({.answered = answered,
          .values = values,
          .first_target = first,
          .count = count,
          .gradients = run.gradients(output, seeds, {*sweep.at}, last).front()});
  }
}

void Scorer::Portion::deliver(const Sweep& sweep, const Pending& pending) const {
  const std::vector<std::int64_t>& offsets = pending.batch.offsets;
  std::vector<double> joined, all;  // answers with those of shared rows; those of tokens left
  for (std::size_t v = 0; v < pending.variants.size(); ++v) {
    const Variant& variant = pending.variants[v];
    Task& task = *variant.task;
    const std::int64_t rows = offsets[v + 1] - offsets[v];
    if (first_target == 0) task.add_forward(rows);
    Outcome outcome{.logits = answered->of(v), .first_target = first_target};
    const auto of_shared = [&](std::size_t each) {
      return answered->per_token() && each < pending.variants.size()
                 ? shared_answers(pending.variants[each], pending.shared[each])
                 : 0;
    };
    if (of_shared(v) > 0 || of_shared(v + 1) > 0) {
      joined.resize(static_cast<std::size_t>(of_shared(v) * answered->outputs()));
      joined.insert(joined.end(), outcome.logits.begin(), outcome.logits.end());
      outcome.logits = joined;
    }
    if (answered->per_token() && !variant.kept.empty()) {
      outcome.logits = all = answered->spread(outcome.logits, variant);
    }
    if (values.defined()) outcome.values = values.slice(offsets[v], offsets[v + 1]);
    for (std::size_t k = 0; k < count && first_target + k < task.targets.size(); ++k) {
      const auto seed = static_cast<std::int64_t>(k);
      outcome.gradients.push_back(gradients.slice(seed, seed + 1)
                                      .reshape({values.rows(), values.cols()})
                                      .slice(offsets[v], offsets[v + 1]));
    }
    if (sweep.gradients && outcome.gradients.empty()) continue;
    task.add_backwards(rows, outcome.gradients.size());
    sweep.take(pending.first_item + static_cast<std::int64_t>(v), outcome);
  }
}

}  // namespace ascribo

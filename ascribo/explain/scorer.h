// SPDX-License-Identifier: MIT
// Runs the model on many variants of texts, in batches that are full and never too large.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ascribo/explain/task.h"
#include "ascribo/models/model.h"

namespace ascribo {

class Tokenizer;
class Answered;

/// One sequence to run, on the account of one task.
struct Variant {
  Task* task = nullptr;
  Sequence sequence;
  /// Where tokens were taken out: those of the task's sequence that are left. Answers of the others
  /// are then minus infinity.
  std::vector<std::int64_t> kept = {};
};

/// What came out for one variant. Tensors are only valid during the call that hands them over.
struct Outcome {
  std::span<const double> logits = {};  ///< `[answers, outputs]`, as those of the task
  Tensor values = {};                   ///< `[tokens, n]` at Sweep::at
  std::size_t first_target = 0;         ///< of `gradients`
  std::vector<Tensor> gradients = {};  ///< `[tokens, n]` each: d score / d values, target by target
};

/// What came out at several taps of one text: values, and the gradients of `count` targets there,
/// `[count, ...]` each. Only valid during the call that hands it over.
struct TapOutcome {
  std::vector<Tensor> values = {}, gradients = {};
  std::size_t first_target = 0;
  std::int64_t count = 0;
};

/// Of a variant: with how many tokens it begins that the variant before it begins with, too, in all
/// that the model sees of them, and how many rows are left to run; at least one, and where answers
/// are asked of tokens, that of one that is asked.
struct SharedRows {
  std::int64_t shared = 0, rows = 0;
};

/// Many variants to run alike. Variants are asked for one by one, in order, and only when their
/// turn comes, so that any number of them takes no more memory than a few batches.
struct Sweep {
  std::int64_t count = 0;
  /// Of all variants together, where that is known beforehand: batches are then alike. 0: it is
  /// not.
  std::int64_t rows = 0;
  std::function<Variant(std::int64_t item)> variant = {};
  /// The tap to look at; needed by fill and gradients.
  std::optional<TapPoint> at = {};
  /// Writes what stands at the tap, `[tokens, n]`; empty: the model's own values. May be called for
  /// several items at once, before or after outcomes of earlier items.
  std::function<void(std::int64_t item, Tensor& values)> fill = {};
  /// Whether the gradients of the task's scores are wanted at the tap.
  bool gradients = false;
  /// Of the logits nothing is read but the tasks' scores, so that others need not be computed; so
  /// it is where gradients are wanted.
  bool only_scores = false;
  /// Of a causal model, one for each item, or empty: tokens that several items begin with run once.
  /// What stands at the tap is then that of the other rows, and there are no gradients. Items from
  /// one that shares nothing to the next that does run in one batch.
  std::vector<SharedRows> shared = {};
  /// Receives outcomes one at a time, in the order of the items. With gradients of very many
  /// targets an item comes several times, each time with the next few targets.
  std::function<void(std::int64_t item, const Outcome& outcome)> take = {};
};

/// Every task's text as it is, `times` times in a row; what is wanted of them is to be added. The
/// tasks must outlive it.
Sweep sweep_texts(std::span<Task> tasks, std::int64_t times = 1);

/// What a variant gives does not depend, to the last bit, on the others, on the size of batches or
/// on the number of threads. Not safe for concurrent use; several scorers may share a model.
class Scorer {
 public:
  /// `batch_tokens` bounds the rows that run at once; a single longer sequence still runs. Where
  /// there is enough of them, every thread runs a batch of its own with its share of the rows:
  /// threads that never wait for each other waste nothing. `check` is called before every batch, by
  /// any thread, and may throw to stop. The tokenizer may be null.
  Scorer(const Model& model, const Tokenizer* tokenizer, std::int64_t batch_tokens,
         std::function<void()> check = {});

  /// One that runs nothing: it adds up in the tasks what would run, and answers everything with the
  /// task's own logits, values and gradients with zeros. What goes on until answers are good
  /// enough asks counts_only(), and goes on as far as it may.
  static Scorer counting(const Model& model, const Tokenizer* tokenizer, std::int64_t batch_tokens,
                         std::function<void()> check = {});
  bool counts_only() const { return counts_only_; }

  /// Errors: those of Model::forward, and kBadCheckpoint when a logit is not finite.
  void run(const Sweep& sweep);

  /// One text by itself, with the gradients of all its targets at taps of any shape. `take` is
  /// called once, or with very many targets several times, each time with the next few.
  void run_alone(Task& task, const std::vector<TapPoint>& points,
                 const std::function<void(const TapOutcome&)>& take);

  /// The same for several tasks, each by itself, but as many at a time as there are threads: `take`
  /// may be called for different tasks at once.
  void run_each(std::span<Task> tasks, const std::vector<TapPoint>& points,
                const std::function<void(Task&, const TapOutcome&)>& take);

  /// One forward of texts that belong to one task, with what `run` keeps, edits and puts in; not
  /// cut to batch_tokens. False when nothing ran because costs are only counted.
  bool run_observed(Task& task, const std::vector<Sequence>& sequences, Run& run);

  /// How products with weights are computed; fp32 unless set.
  void set_precision(Precision precision) { precision_ = precision; }
  Precision precision() const { return precision_; }

  const Model& model() const { return model_; }
  const Tokenizer* tokenizer() const { return tokenizer_; }
  std::int64_t batch_tokens() const { return batch_tokens_; }
  /// Width of the values at a tap.
  std::int64_t width(TapPoint at) const;

 private:
  struct Cut;
  struct Pending;
  struct Portion;
  class Queue;
  using Emit = std::function<void(Portion portion)>;

  Cut cut(const Sweep& sweep, const Variant& first) const;
  Cut cut_groups(const Sweep& sweep, std::int64_t threads) const;
  void count(const Sweep& sweep) const;
  using TakeTaps = std::function<void(const TapOutcome&)>;
  void observe(Task& task, const std::vector<TapPoint>& points, const TakeTaps& take) const;
  void count_alone(Task& task, const std::vector<TapPoint>& points,
                   const std::function<void(const TapOutcome&)>& take) const;
  void run_batch(const Sweep& sweep, const Pending& pending, const Emit& emit) const;
  void backward(const Sweep& sweep, const Pending& pending, Run& run, const Variable& output,
                const std::shared_ptr<const Answered>& answered, const Emit& emit) const;
  const Model& model_;
  const Tokenizer* tokenizer_;
  std::int64_t batch_tokens_;
  std::function<void()> check_;
  bool counts_only_ = false;
  Precision precision_ = Precision::kFp32;
};

}  // namespace ascribo

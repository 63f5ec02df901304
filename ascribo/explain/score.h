// SPDX-License-Identifier: MIT
// The number that is explained: a function of the logits, with its gradient.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/heads/logit_function.h"
#include "ascribo/models/model.h"

namespace ascribo {

enum class ScoreKind { kLogit, kProbability, kLogProbability };

template <>
struct EnumNames<ScoreKind> {
  static constexpr std::array<std::string_view, 3> kNames = {"logit", "probability",
                                                             "log_probability"};
};

/// How a head's logits become probabilities. kCosine has no logits but a vector, whose score is its
/// cosine similarity to another one.
enum class Link { kSoftmax, kSigmoid, kNone, kCosine };

/// Softmax over several exclusive labels, sigmoid for several independent ones or a single logit;
/// a regression has no probabilities, a base model no labels.
Link link_of(const ModelInfo& model);
Link link_of(Problem problem, std::size_t labels);

/// One logit, and the logits that share a softmax with it: `count` of them from `first` on,
/// `stride` apart.
struct Cell {
  std::int64_t index = 0, first = 0, stride = 1, count = 1;
  bool operator==(const Cell&) const = default;
};

/// A share of a score: that of several cells, times a weight.
struct WeightedCells {
  double weight = 1;
  std::vector<Cell> cells = {};
  bool operator==(const WeightedCells&) const = default;
};

/// What is scored. The logits (or log probabilities) of `plus` add up, so that probabilities
/// multiply: an answer's start and its end. `minus` is subtracted, and `more` added.
struct Readout {
  std::vector<Cell> plus = {}, minus = {};
  std::vector<WeightedCells> more = {};
  std::shared_ptr<const std::vector<double>> direction = {};  ///< of kCosine: the other vector
  /// Instead of all this: a function of the logits that share a softmax with the first of `plus`.
  std::shared_ptr<const LogitFunction> function = {};
  bool operator==(const Readout&) const = default;

  /// Calls visit(weight, cells) for each share.
  template <class Visit>
  void each_share(Visit visit) const {
    if (!plus.empty()) visit(1.0, plus);
    if (!minus.empty()) visit(-1.0, minus);
    for (const WeightedCells& each : more) visit(each.weight, each.cells);
  }
  /// Calls change(cell) for each cell.
  template <class Change>
  void each_cell(Change change) {
    for (Cell& cell : plus) change(cell);
    for (Cell& cell : minus) change(cell);
    for (WeightedCells& each : more) {
      for (Cell& cell : each.cells) change(cell);
    }
  }
};

/// score(plus) - score(minus) + sum of weight times score(cells). Computed in double. Errors of
/// functions: what they throw; kInvalidArgument for numbers that are not finite.
class Score {
 public:
  /// Errors: kUnsupported for anything but the logit where there are no probabilities.
  Score(ScoreKind kind, Link link);

  ScoreKind kind() const { return kind_; }
  double value(std::span<const double> logits, const Readout& readout) const;
  /// d value / d logits from logit `first` on, written to `gradient` (all of them, or as many as
  /// reach() says).
  void gradient(std::span<const double> logits, const Readout& readout, std::span<double> gradient,
                std::size_t first = 0) const;
  /// [begin, end) of the logits that the value of a readout depends on; `logits`: how many there
  /// are.
  std::pair<std::size_t, std::size_t> reach(const Readout& readout, std::size_t logits) const;

 private:
  /// Where a gradient is written: from logit `first` on.
  struct Part {
    std::span<double> values;
    std::size_t first;
    double& at(std::int64_t index) const { return values[static_cast<std::size_t>(index) - first]; }
  };
  double total(std::span<const double> logits, std::span<const Cell> cells) const;
  void add_gradient(std::span<const double> logits, std::span<const Cell> cells, double sign,
                    const Part& gradient) const;
  ScoreKind kind_;
  Link link_;
};

/// The probability of one label; the logit itself where the link has none.
double probability(Link link, std::span<const double> logits, const Cell& cell);

/// The same where all logits are labels of one answer.
double probability(Link link, std::span<const double> logits, std::int64_t index);

}  // namespace ascribo

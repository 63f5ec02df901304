// SPDX-License-Identifier: MIT
// The number that is explained: a function of the logits, with its gradient.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ascribo/base/options.h"
#include "ascribo/models/model.h"

namespace ascribo {

enum class ScoreKind { kLogit, kProbability, kLogProbability };

template <>
struct EnumNames<ScoreKind> {
  static constexpr std::array<std::string_view, 3> kNames = {"logit", "probability",
                                                             "log_probability"};
};

/// How a head's logits become probabilities.
enum class Link { kSoftmax, kSigmoid, kNone };

/// Softmax over several exclusive labels, sigmoid for several independent ones or a single logit;
/// a regression has no probabilities.
Link link_of(Problem problem, std::size_t labels);

/// score(index), or score(index) - score(versus). Computed in double.
class Score {
 public:
  /// Errors: kUnsupported for anything but the logit of a regression.
  Score(ScoreKind kind, Link link);

  double value(std::span<const double> logits, std::int64_t index,
               std::optional<std::int64_t> versus = {}) const;
  /// d value / d logits, written to `gradient` (as many as logits).
  void gradient(std::span<const double> logits, std::int64_t index,
                std::optional<std::int64_t> versus, std::span<double> gradient) const;

 private:
  double one(std::span<const double> logits, std::int64_t index) const;
  void add_gradient(std::span<const double> logits, std::int64_t index, double sign,
                    std::span<double> gradient) const;
  ScoreKind kind_;
  Link link_;
};

/// The probability of one label; the logit itself where the link is kNone.
double probability(Link link, std::span<const double> logits, std::int64_t index);

}  // namespace ascribo

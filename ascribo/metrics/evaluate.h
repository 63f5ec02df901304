// SPDX-License-Identifier: MIT
// Explains texts and judges the explanations: with the same runs of the model wherever masks are
// equal.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "ascribo/explain/subject.h"
#include "ascribo/metrics/metric.h"

namespace ascribo {

/// What is judged: a method's scores, and what they should be better than.
enum class Ranking {
  kMethod,
  kReversed,  ///< the method's, the other way round
  kRandom,    ///< a random number for each unit
  kLength,    ///< the number of code points of each unit
};
inline constexpr std::size_t kRankings = 4;

template <>
struct EnumNames<Ranking> {
  static constexpr std::array<std::string_view, kRankings> kNames = {"method", "reversed", "random",
                                                                     "length"};
};

/// What one metric says of one text: of the method's scores, and where the metric judges rankings
/// of the others, by Ranking. Random and length do not depend on the method: they come with the
/// first.
using Judgements = std::array<std::optional<Measure>, kRankings>;

/// One text under one method.
struct Evaluation {
  Explanation explanation;
  std::int64_t forwards = 0, backwards = 0;  ///< of the method
  std::vector<Judgements> metrics = {};      ///< one for each metric, in their order
};

/// As Subject::Stream, with judgement.
struct EvaluationStream {
  std::function<std::optional<Input>()> next = {};
  std::function<void(Evaluation)> done = {};
  std::function<bool(std::int64_t, const std::exception&)> failed = {};
  ProgressCallback progress = {};
  std::int64_t total = -1;
};

/// Explains with every method of the request and judges with every metric. Errors: those of
/// Subject::explain and of the metrics; kInvalidArgument without a metric.
void evaluate(const Subject& subject, const EvaluationStream& stream, const Request& request,
              const std::vector<MetricRequest>& metrics);

/// The same for one text and one method.
Evaluation evaluate(const Subject& subject, const Input& input, const Request& request,
                    const std::vector<MetricRequest>& metrics);

/// Explanations that were made before, read back one by one.
struct SavedStream {
  std::function<std::optional<Explanation>()> next = {};
  std::function<void(Evaluation)> done = {};  ///< with the explanation as it was read
  std::function<bool(std::int64_t, const std::exception&)> failed = {};
  ProgressCallback progress = {};
  std::int64_t total = -1;
};

/// Judges them by the subject that is given, without explaining anything. All have the unit and
/// the score of the first. `options` are request options: seed, batch_tokens. Errors: those of
/// evaluate; kInvalidArgument for scores of other tokens, units or targets than this tokenizer and
/// model give the text.
void evaluate_saved(const Subject& subject, const SavedStream& stream,
                    const std::vector<MetricRequest>& metrics, const OptionValues& options = {});

}  // namespace ascribo

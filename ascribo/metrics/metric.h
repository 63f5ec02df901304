// SPDX-License-Identifier: MIT
// What a metric declares about itself; the doors, the documentation and the conformance tests read
// it from here.
#pragma once

#include <any>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/method.h"

namespace ascribo {

class Model;
struct Input;
struct MethodRequest;
enum class ScoreKind;

/// Which values speak for a method.
enum class Direction { kHigher, kLower, kNeither };

template <>
struct EnumNames<Direction> {
  static constexpr std::array<std::string_view, 3> kNames = {"higher", "lower", "neither"};
};

/// What a metric says of one target.
struct TargetMeasure {
  double value = 0;
  std::vector<std::int64_t> counts = {};  ///< of curves: units hidden or shown
  std::vector<double> curve = {};         ///< the model's score at each count
};

/// What a metric says of the scores of one text.
struct Measure {
  double value = 0;  ///< the mean over targets
  std::vector<TargetMeasure> targets = {};
};

/// Scores to be judged: a method's, or a ranking to compare it with. One number per target and
/// unit; NaN where the target cannot see the unit.
struct Judged {
  const Input* input = nullptr;
  std::vector<std::vector<double>> scores = {};
  /// What the scores were computed with; null for scores that were made before.
  const MethodRequest* method = nullptr;
  /// Where the metric may keep what it needs again for other texts of the run; null: nowhere.
  std::any* kept = nullptr;
};

/// One metric. A metric is one file in metrics/ that defines `const Metric& metric_<file stem>()`.
struct Metric {
  std::string_view name;
  std::string_view summary;  ///< one sentence
  std::string_view formula;  ///< plain text
  std::string_view paper;    ///< author, year, title
  Direction direction = Direction::kHigher;
  std::string_view range;            ///< "0 to 1"
  std::string_view needs = {};       ///< of text and method, beside scores; empty: nothing
  std::string_view cost;             ///< in forwards for one ranking of n units
  bool ranks = true;                 ///< reads scores as a ranking: a random one can be judged, too
  bool curve = false;                ///< gives a curve for each target, whatever its options are
  std::string_view steps = "units";  ///< what a curve goes through
  /// Whether a method has what the metric needs; null: every method has.
  bool (*suits)(const Method& method) = nullptr;
  bool computes = false;  ///< runs the method itself, so that scores made before cannot be judged
  std::vector<OptionInfo> (*options)() = nullptr;
  std::vector<Recipe> (*recipes)() = nullptr;  ///< null: none
  /// The kind of score it asks of the model; nothing: that which is explained.
  std::optional<ScoreKind> (*score)(const OptionValues& options) = nullptr;
  /// Judges `judged[i]` on `tasks[i]`; options are parsed here, also when there are no tasks.
  /// Errors: kUnsupported for a text or a method without what the metric needs.
  std::vector<Measure> (*run)(const OptionValues& options, std::span<Task> tasks,
                              std::span<const Judged> judged, Scorer& scorer) = nullptr;
};

/// Every metric, by name.
const std::vector<const Metric*>& metrics();
/// Errors: kUnknownName with the nearest name.
const Metric& find_metric(std::string_view name);

/// A metric that was asked for: NAME, or NAME:OPTION=VALUE with more options behind more colons.
struct MetricRequest {
  std::string label;  ///< as it was asked for; names its column
  const Metric* metric = nullptr;
  OptionValues options = {};
};

/// Errors: kUnknownName, kInvalidArgument; those of the metric's options. `library` (or "") is the
/// one whose recipe fills in what is not given.
MetricRequest parse_metric(std::string_view text, std::string_view library = {});

}  // namespace ascribo

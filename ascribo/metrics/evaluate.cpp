// SPDX-License-Identifier: MIT
// Runs metrics on the texts of a stream after each method, and hands results over together.
#include "ascribo/metrics/evaluate.h"

#include <algorithm>
#include <any>
#include <cmath>
#include <map>
#include <utility>

#include "ascribo/base/commas.h"
#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/base/rng.h"
#include "ascribo/base/utf8.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/stream.h"
#include "ascribo/metrics/parts/filled_scores.h"
#include "ascribo/models/model.h"

namespace ascribo {
namespace {

// Apart from what methods draw for the same text and seed.
constexpr std::uint64_t kReferenceDraw = 0x6d657472696373;

std::vector<ScoreKind> kinds_of(const std::vector<MetricRequest>& metrics, Link link) {
  std::vector<ScoreKind> kinds;
  if (link == Link::kNone || link == Link::kCosine) return kinds;  // there are no probabilities
  for (const MetricRequest& request : metrics) {
    const auto kind = request.metric->score ? request.metric->score(request.options) : std::nullopt;
    if (kind && std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) {
      kinds.push_back(*kind);
    }
  }
  return kinds;
}

double reference_score(Ranking ranking, double score, const UnitInfo& unit, Rng& random) {
  switch (ranking) {
    case Ranking::kMethod: return score;
    case Ranking::kReversed: return -score;
    case Ranking::kRandom: return random.uniform();
    case Ranking::kLength: return static_cast<double>(count_code_points(unit.text));
  }
  return score;
}

Judged judged(const Task& task, const Input* input, Ranking ranking) {
  Judged result{input, {}};
  for (std::size_t k = 0; k < task.result.attributions.size(); ++k) {
    const std::vector<float>& scores = task.result.attributions[k].scores;
    Rng random(task.result.seed, {kReferenceDraw, draw_key(task.sequence), k});
    std::vector<double>& target = result.scores.emplace_back();
    for (std::size_t unit = 0; unit < scores.size(); ++unit) {
      const double other = reference_score(ranking, static_cast<double>(scores[unit]),
                                           task.result.units[unit], random);
      target.push_back(std::isnan(scores[unit]) ? static_cast<double>(scores[unit]) : other);
    }
  }
  return result;
}

class EvaluationRun {
 public:
  EvaluationRun(const Subject& subject, const EvaluationStream& stream, const Request& request,
                const std::vector<MetricRequest>& metrics)
      : parts_(subject.parts()), stream_(stream), request_(request), metrics_(metrics) {
    if (metrics.empty()) {
      fail(Code::kInvalidArgument, "metric", "none was given", "expected at least one metric");
    }
    methods_ =
        static_cast<std::size_t>(std::count(request.method.begin(), request.method.end(), ',')) + 1;
  }

  void run(FillScores fill) {
    kept_.resize(metrics_.size());
    Examiner examiner;
    examiner.scores = kinds_of(metrics_, link_of(parts_.model.info()));
    examiner.fill = std::move(fill);
    is_filled_ = static_cast<bool>(examiner.fill);
    examiner.examine = [this](const Examined& examined, Scorer& scorer) {
      examine(examined, scorer);
    };
    check_options();
    explain_stream(parts_, inner(), request_, &examiner);
  }

 private:
  // Options that cannot be read fail before any text is.
  void check_options() const {
    Scorer scorer(parts_.model, parts_.tokenizer, 1);
    for (const MetricRequest& request : metrics_) {
      request.metric->run(request.options, {}, {}, scorer);
      check_suits(*request.metric);
    }
  }

  // A metric that suits some of the methods says nothing of the others.
  void check_suits(const Metric& metric) const {
    if (is_filled_ && metric.computes) {
      fail(Code::kUnsupported, metric.name, "saved explanations were given",
           "expected a method: it is run again, on other values", "leave the metric out");
    }
    if (is_filled_ || metric.suits == nullptr) return;
    for (const std::string& name : split_at_commas(request_.method)) {
      if (metric.suits(find_method(name))) return;
    }
    fail(Code::kUnsupported, metric.name, request_.method + " does not have what it needs",
         "expected a method with " + std::string(metric.needs),
         "`ascribo methods NAME` says what a method promises");
  }

  const Subject::Stream& inner() {
    explained_.next = stream_.next;
    explained_.progress = stream_.progress;
    explained_.total = stream_.total;
    explained_.done = [this](Explanation explanation) { done(std::move(explanation)); };
    explained_.failed = [this](std::int64_t number, const std::exception& error) {
      open_.erase(number);
      return stream_.failed && stream_.failed(number, error);
    };
    return explained_;
  }

  void examine(const Examined& examined, Scorer& scorer) {
    std::vector<Evaluation> found(examined.tasks.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      found[i].forwards = examined.tasks[i].runs.forwards;
      found[i].backwards = examined.tasks[i].runs.backwards;
      found[i].metrics.resize(metrics_.size());
    }
    for (const Ranking ranking :
         {Ranking::kMethod, Ranking::kReversed, Ranking::kRandom, Ranking::kLength}) {
      const bool same = ranking == Ranking::kRandom || ranking == Ranking::kLength;
      if (same && examined.place > 0) continue;
      judge(examined, ranking, scorer, found);
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      std::vector<Evaluation>& evaluations = open_[examined.numbers[i]];
      evaluations.resize(examined.place);  // those of an attempt that failed later are gone
      evaluations.push_back(std::move(found[i]));
    }
  }

  void judge(const Examined& examined, Ranking ranking, Scorer& scorer,
             std::vector<Evaluation>& found) {
    std::vector<Judged> all;
    for (std::size_t i = 0; i < found.size(); ++i) {
      all.push_back(judged(examined.tasks[i], examined.inputs[i], ranking));
      if (!is_filled_ && ranking == Ranking::kMethod) all.back().method = &examined.method;
    }
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      const Metric& metric = *metrics_[m].metric;
      if (ranking != Ranking::kMethod && !metric.ranks) continue;
      if (!is_filled_ && metric.suits && !metric.suits(*examined.method.method)) continue;
      for (Judged& each : all) each.kept = &kept_[m];
      std::vector<Measure> measures = metric.run(metrics_[m].options, examined.tasks, all, scorer);
      for (std::size_t i = 0; i < found.size(); ++i) {
        found[i].metrics[m][static_cast<std::size_t>(ranking)] = std::move(measures[i]);
      }
    }
  }

  // Explanations come in the order of the inputs, for each in that of the methods.
  void done(Explanation explanation) {
    const auto first = open_.begin();
    Evaluation evaluation = std::move(first->second.at(next_method_));
    evaluation.explanation = std::move(explanation);
    if (++next_method_ == methods_) {
      open_.erase(first);
      next_method_ = 0;
    }
    if (stream_.done) stream_.done(std::move(evaluation));
  }

  const Parts parts_;
  const EvaluationStream& stream_;
  const Request& request_;
  const std::vector<MetricRequest>& metrics_;
  std::vector<std::any> kept_;  // by each metric, for the next texts
  bool is_filled_ = false;
  std::size_t methods_ = 1, next_method_ = 0;
  Subject::Stream explained_;
  std::map<std::int64_t, std::vector<Evaluation>> open_;  // by number of the input
};

}  // namespace

void evaluate_filled(const Subject& subject, const EvaluationStream& stream, const Request& request,
                     const std::vector<MetricRequest>& metrics, FillScores fill) {
  EvaluationRun(subject, stream, request, metrics).run(std::move(fill));
}

void evaluate(const Subject& subject, const EvaluationStream& stream, const Request& request,
              const std::vector<MetricRequest>& metrics) {
  EvaluationRun(subject, stream, request, metrics).run({});
}

Evaluation evaluate(const Subject& subject, const Input& input, const Request& request,
                    const std::vector<MetricRequest>& metrics) {
  if (request.method.find(',') != std::string::npos) {
    fail(Code::kInvalidArgument, "method", "\"" + request.method + "\" was given",
         "expected one method for one text", "evaluate a stream with several");
  }
  std::optional<Evaluation> result;
  EvaluationStream stream;
  stream.next = [&input, given = false]() mutable -> std::optional<Input> {
    return std::exchange(given, true) ? std::nullopt : std::optional(input);
  };
  stream.done = [&](Evaluation evaluation) { result = std::move(evaluation); };
  stream.total = 1;
  evaluate(subject, stream, request, metrics);
  return std::move(*result);
}

}  // namespace ascribo

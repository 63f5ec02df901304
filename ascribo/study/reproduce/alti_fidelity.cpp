// SPDX-License-Identifier: MIT
// One pass over the texts; each is judged by every method's scores while its masks are at hand.
#include "ascribo/study/reproduce/alti_fidelity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/stream.h"
#include "ascribo/metrics/comparison/summarize.h"
#include "ascribo/metrics/parts/filled_scores.h"
#include "ascribo/models/model.h"

namespace ascribo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

MetricRequest metric_of(AltiRecipe recipe, const FidelityOptions& options) {
  std::string text = options.fidelity == Fidelity::kComp ? "comprehensiveness" : "sufficiency";
  text += recipe == AltiRecipe::kPublished ? ":definition=alti" : ":definition=eraser";
  if (!options.bins) text += ":one_by_one=" + std::to_string(options.most_gone);
  return parse_metric(text);
}

class FidelityRun {
 public:
  FidelityRun(const Subject& subject, const std::vector<AltiScores>& scores,
              const FidelityOptions& options)
      : subject_(subject), scores_(scores), options_(options) {
    for (const AltiScores& each : scores) {
      if (each.texts.size() == scores.front().texts.size()) continue;
      fail(Code::kInvalidArgument, "alti",
           each.method + " has scores of " + std::to_string(each.texts.size()) + " texts",
           "expected " + std::to_string(scores.front().texts.size()) + ", as " +
               scores.front().method);
    }
    for (const AltiScores& each : scores) {
      if (std::find(methods_.begin(), methods_.end(), each.method) == methods_.end()) {
        methods_.push_back(each.method);
      }
    }
    for (const AltiRecipe recipe : kAltiRecipes) metrics_.push_back(metric_of(recipe, options));
    for (std::size_t i = 0; !scores.empty() && i < scores.front().texts.size(); ++i) {
      const auto tokens = static_cast<std::int64_t>(scores.front().texts[i].tokens.size());
      if (tokens <= options.most_tokens) used_.push_back(i);
    }
  }

  AltiFidelity run(const FidelityProgress& progress) {
    AltiFidelity result;
    if (scores_.empty()) return result;
    result.too_long = static_cast<std::int64_t>(scores_.front().texts.size() - used_.size());
    if (used_.empty()) return result;
    Examiner examiner;
    examiner.scores = {ScoreKind::kProbability};
    examiner.fill = [this](std::int64_t number, Task& task) { fill(number, task); };
    examiner.examine = [this](const Examined& examined, Scorer& scorer) {
      examine(examined, scorer);
    };
    explain_stream(subject_.parts(), stream(progress), saved_request(text(0), {}), &examiner);
    summarize_all(result);
    return result;
  }

 private:
  /// A method's scores of a text, by its number in the stream.
  const Explanation& saved(const AltiScores& scores, std::int64_t number) const {
    return scores.texts[used_[static_cast<std::size_t>(number)]];
  }

  /// A text as it is asked about again: by its good form alone.
  Explanation text(std::int64_t number) const { return asked(saved(scores_.front(), number)); }
  static Explanation asked(Explanation saved) {
    for (Attribution& attribution : saved.attributions) attribution.versus.reset();
    saved.score = "logit";
    return saved;
  }

  Subject::Stream stream(const FidelityProgress& progress) {
    Subject::Stream stream;
    stream.next = [this]() -> std::optional<Input> {
      if (next_ == static_cast<std::int64_t>(used_.size())) return std::nullopt;
      return saved_input(text(next_++), subject_.model().info().head);
    };
    stream.done = [](const Explanation&) {};
    stream.failed = [this, progress](std::int64_t number, const std::exception& error) {
      records_.erase(number);
      const auto place = static_cast<std::int64_t>(used_[static_cast<std::size_t>(number)]);
      if (!progress.failed || !progress.failed(place, error)) return false;
      records_[number].error = error.what();
      return true;
    };
    stream.total = static_cast<std::int64_t>(used_.size());
    if (!progress.progress) return stream;
    stream.progress = [this, report = progress.progress](const Progress& texts) {
      const auto rankings = static_cast<std::int64_t>(scores_.size());
      judged_ = std::max(judged_, texts.done * rankings + ahead_);
      return report({judged_, texts.total * rankings});
    };
    return stream;
  }

  void fill(std::int64_t number, Task& task) const {
    for (const AltiScores& each : scores_) {
      const Explanation& own = saved(each, number);
      const std::string whose = std::string(enum_name(each.recipe)) + " " + each.method;
      if (own.input.text != task.result.input.text) {
        fail(Code::kInvalidArgument, "alti", "the scores of " + whose + " are of other texts",
             "expected \"" + task.result.input.text + "\"");
      }
      try {
        fill_saved(asked(own), task);
      } catch (const Error& error) {
        throw Error(error.code(), whose + ": " + error.what());
      }
    }
  }

  void examine(const Examined& examined, Scorer& scorer) {
    for (std::size_t s = 0; s < scores_.size(); ++s) {
      std::vector<Judged> judged;
      for (std::size_t i = 0; i < examined.tasks.size(); ++i) {
        judged.push_back({examined.inputs[i], {}});
        for (const Attribution& attribution : saved(scores_[s], examined.numbers[i]).attributions) {
          judged.back().scores.emplace_back(attribution.scores.begin(), attribution.scores.end());
        }
      }
      const auto column = static_cast<std::size_t>(scores_[s].recipe);
      const MetricRequest& metric = metrics_[column];
      const std::vector<Measure> found =
          metric.metric->run(metric.options, examined.tasks, judged, scorer);
      for (std::size_t i = 0; i < found.size(); ++i) keep(examined.numbers[i], s, found[i]);
      ahead_ = static_cast<std::int64_t>((s + 1) * examined.tasks.size());
    }
    ahead_ = 0;
  }

  std::size_t place_of(const std::string& method) const {
    return static_cast<std::size_t>(std::find(methods_.begin(), methods_.end(), method) -
                                    methods_.begin());
  }

  void keep(std::int64_t number, std::size_t s, const Measure& found) {
    TextRecord& record = records_[number];
    record.number = number;
    record.unit = "token";
    record.score = "probability";
    if (record.methods.empty()) {
      MetricRecord none;
      none.values.fill(kNone);
      record.methods.assign(methods_.size(), {0, 0, 0, {none, none}});
    }
    const auto column = static_cast<std::size_t>(scores_[s].recipe);
    record.methods[place_of(scores_[s].method)].metrics[column].values[0] = found.value;
    if (scores_[s].recipe == AltiRecipe::kCorrected) {
      record.methods[place_of(scores_[s].method)].seconds = saved(scores_[s], number).cost.seconds;
    }
    curves_[{place_of(scores_[s].method), column}][number] = found.targets.front().curve;
  }

  std::vector<double> mean_curve(std::size_t method, std::size_t column) const {
    std::vector<double> sums, counts;
    const auto found = curves_.find({method, column});
    if (found == curves_.end()) return sums;
    for (const auto& [number, curve] : found->second) {
      const auto record = records_.find(number);
      if (record == records_.end() || !record->second.error.empty()) continue;
      if (curve.size() > sums.size()) {
        sums.resize(curve.size(), 0.0);
        counts.resize(curve.size(), 0.0);
      }
      for (std::size_t i = 0; i < curve.size(); ++i) {
        sums[i] += curve[i];
        ++counts[i];
      }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= counts[i];
    return sums;
  }

  void summarize_all(AltiFidelity& result) {
    Comparison& comparison = result.comparison;
    comparison.model = subject_.model().info().path.string();
    comparison.seed = options_.seed;
    comparison.target = text(0).attributions.empty() ? "" : "predicted";
    const bool comp = options_.fidelity == Fidelity::kComp;
    for (const AltiRecipe recipe : kAltiRecipes) {
      comparison.columns.push_back({std::string(enum_name(recipe)), comp ? "higher" : "lower",
                                    metrics_[static_cast<std::size_t>(recipe)].label});
    }
    std::vector<TextRecord> records;
    for (auto& [number, record] : records_) records.push_back(record);
    summarize(std::move(records), methods_, comparison);
    std::size_t longest = 0;
    for (ComparisonRow& row : comparison.rows) {
      for (std::size_t c = 0; c < row.cells.size(); ++c) {
        if (!row.cells[c]) continue;
        row.cells[c]->curve = mean_curve(place_of(row.method), c);
        longest = std::max(longest, row.cells[c]->curve.size());
      }
    }
    static constexpr double kBins[] = {0.01, 0.05, 0.1, 0.2, 0.5};
    for (std::size_t i = 0; i < longest; ++i) {
      result.places.push_back(options_.bins ? kBins[i] : static_cast<double>(i));
    }
  }

  const Subject& subject_;
  const std::vector<AltiScores>& scores_;
  FidelityOptions options_;
  std::vector<std::string> methods_;
  std::vector<MetricRequest> metrics_;  ///< by recipe
  std::vector<std::size_t> used_;       ///< texts that are short enough, by number in the stream
  std::int64_t next_ = 0;
  std::int64_t judged_ = 0, ahead_ = 0;  ///< rankings; those of texts that are not done yet
  std::map<std::int64_t, TextRecord> records_;
  /// [method, recipe][text]
  std::map<std::pair<std::size_t, std::size_t>, std::map<std::int64_t, std::vector<double>>>
      curves_;
};

}  // namespace

AltiFidelity alti_fidelity(const Subject& subject, const std::vector<AltiScores>& scores,
                           const FidelityOptions& options, const FidelityProgress& progress) {
  return FidelityRun(subject, scores, options).run(progress);
}

}  // namespace ascribo

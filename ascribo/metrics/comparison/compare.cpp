// SPDX-License-Identifier: MIT
// Collects what metrics say of each text, keeps it, and sums it up.
#include "ascribo/metrics/comparison/compare.h"

#include <set>
#include <string_view>
#include <utility>

#include "ascribo/base/commas.h"
#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/metrics/comparison/run_journal.h"
#include "ascribo/metrics/comparison/summarize.h"
#include "ascribo/models/model.h"

namespace ascribo {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

std::string targets_of(const Request& request) {
  std::vector<std::string> names = request.targets;
  for (const auto& function : request.functions) names.push_back(function->name);
  return joined(names);
}

RunSettings settings_of(const Subject& subject, const Request& request,
                        const std::vector<MetricRequest>& metrics,
                        const ComparisonOptions& options) {
  RunSettings settings{{"model", subject.model().info().hash},
                       {"data", options.data},
                       {"method", request.method},
                       {"target", targets_of(request)}};
  std::vector<std::string> labels;
  for (const MetricRequest& metric : metrics) labels.push_back(metric.label);
  settings["metric"] = joined(labels);
  for (const auto& [name, value] : request.options) {
    if (name != "batch_tokens") settings[name] = value;  // which changes nothing
  }
  return settings;
}

Comparison begin(const Subject& subject, const std::vector<MetricRequest>& metrics,
                 const ComparisonOptions& options, const OptionValues& request_options) {
  Comparison comparison{.model = subject.model().info().path.string(), .data = options.data};
  for (const MetricRequest& metric : metrics) {
    comparison.columns.push_back({metric.label, std::string(enum_name(metric.metric->direction)),
                                  std::string(metric.metric->summary),
                                  std::string(metric.metric->steps)});
  }
  if (const auto seed = request_options.find("seed"); seed != request_options.end()) {
    detail::parse_option("compare", "seed", seed->second, comparison.seed);
  }
  return comparison;
}

// What the records of one run become.
class Collector {
 public:
  Collector(RunJournal& journal, std::size_t methods, std::int64_t examples)
      : journal_(journal), methods_(methods), examples_(examples) {}

  void add(const Evaluation& evaluation, std::int64_t number) {
    open_.number = number;
    open_.unit = evaluation.explanation.unit;
    open_.score = evaluation.explanation.score;
    open_.methods.push_back(make_record(evaluation));
    if (number < examples_) add_example(evaluation, open_);
    if (open_.methods.size() == methods_) keep(std::exchange(open_, {}));
  }

  void keep(TextRecord record) {
    journal_.add(record);
    records.push_back(std::move(record));
  }

  std::vector<TextRecord> records;

 private:
  RunJournal& journal_;
  std::size_t methods_;
  std::int64_t examples_;
  TextRecord open_;
};

}  // namespace

Comparison compare(const Subject& subject, const ComparisonStream& stream, const Request& request,
                   const std::vector<MetricRequest>& metrics, const ComparisonOptions& options) {
  const std::vector<std::string> methods = split_at_commas(request.method);
  Comparison comparison = begin(subject, metrics, options, request.options);
  comparison.target = targets_of(request);
  RunJournal journal(options.journal, options.resume,
                     settings_of(subject, request, metrics, options));
  Collector collector(journal, methods.size(), options.examples);
  collector.records = journal.earlier();
  std::set<std::int64_t> finished;
  for (const TextRecord& record : journal.earlier()) finished.insert(record.number);
  const auto earlier = static_cast<std::int64_t>(finished.size());

  // Texts of an earlier run are read again, and passed over.
  std::int64_t number = 0;
  std::vector<std::int64_t> numbers;  // of the texts that are new
  std::size_t next_done = 0;
  EvaluationStream inner;
  inner.next = [&]() -> std::optional<Input> {
    while (true) {
      const std::int64_t own = number++;
      const bool is_new = !finished.contains(own);
      if (is_new) numbers.push_back(own);
      try {
        std::optional<Input> input = stream.next();
        if (is_new || !input) return input;
      } catch (const Error& error) {
        if (is_new || error.code() == Code::kIo || error.code() == Code::kCancelled) throw;
      }
    }
  };
  std::set<std::size_t> failed;
  std::size_t methods_done = 0;
  inner.done = [&](const Evaluation& evaluation) {
    while (failed.contains(next_done)) ++next_done;
    collector.add(evaluation, numbers.at(next_done));
    if (stream.done) stream.done(evaluation);
    if (++methods_done < methods.size()) return;
    methods_done = 0;
    ++next_done;
  };
  inner.failed = [&](std::int64_t which, const std::exception& error) {
    const std::int64_t own = numbers.at(static_cast<std::size_t>(which));
    if (!stream.failed || !stream.failed(own, error)) return false;
    failed.insert(static_cast<std::size_t>(which));
    collector.keep({own, error.what()});
    return true;
  };
  inner.progress = [&](const Progress& progress) {
    return !stream.progress || stream.progress({progress.done + earlier, stream.total});
  };
  inner.total = stream.total;
  evaluate(subject, inner, request, metrics);
  summarize(std::move(collector.records), methods, comparison);
  return comparison;
}

Comparison compare_saved(const Subject& subject, const SavedStream& stream,
                         const std::vector<MetricRequest>& metrics,
                         const ComparisonOptions& options, const OptionValues& request_options) {
  Comparison comparison = begin(subject, metrics, options, request_options);
  RunJournal nothing({}, false, {});
  Collector collector(nothing, 1, options.examples);
  std::string method;
  std::int64_t number = 0;
  SavedStream inner = stream;
  inner.done = [&](const Evaluation& evaluation) {
    if (method.empty()) method = evaluation.explanation.method.name;
    collector.add(evaluation, number++);
    if (stream.done) stream.done(evaluation);
  };
  inner.failed = [&](std::int64_t which, const std::exception& error) {
    if (!stream.failed || !stream.failed(which, error)) return false;
    collector.keep({number++, error.what()});
    return true;
  };
  evaluate_saved(subject, inner, metrics, request_options);
  summarize(std::move(collector.records), {method}, comparison);
  return comparison;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// `ascribo compare`: which method to believe, by which metric.
#include <unistd.h>

#include <iostream>

#include "command.h"
#include "evaluating.h"
#include "help.h"
#include "interrupt.h"
#include "method_flags.h"
#include "profile_flag.h"
#include "standard_output.h"
#include "terminal.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kMethods = "occlusion,integrated_gradients,input_x_gradient,saliency";

constexpr const char* kExamples =
    R"(  ascribo compare --input dev.tsv --layout sst2 --limit 200
  # more methods, another definition, and a page with curves
  ascribo compare --input dev.tsv --layout sst2 --sample 100 --method lime,kernel_shap,occlusion \
      --metric comprehensiveness:definition=alti,leave_one_out --html report.html
  # a long run that may be stopped and gone on with
  ascribo compare --input train.tsv --layout sst2 --journal run.jsonl
  ascribo compare --input train.tsv --layout sst2 --journal run.jsonl --resume

`ascribo metrics NAME` says what a metric computes.
)";

CommandLine compare_flags() {
  CommandLine line;
  line.command = "compare";
  line.usage = "TEXT... | --input FILE  [flags]";
  line.summary =
      "Judges several methods by several metrics on the same texts: means with intervals, time, "
      "and "
      "which differences are more than chance. Reversed, random and length-only rankings are shown "
      "beside them.";
  line.positional = "TEXT";
  line.groups = {metric_question_flags(kMethods, false),
                 metric_input_flags(),
                 {"options of every method", {}}};
  for (OptionInfo& option : request_options()) line.groups[2].flags.push_back({option, "", false});
  for (FlagGroup& group : method_flags()) line.groups.push_back(std::move(group));
  line.groups.push_back(metric_output_flags());
  line.groups.back().flags.push_back(switch_flag("table", "the table, also into a file or pipe"));
  line.groups.push_back(
      {"how it runs",
       {value_flag("journal", "FILE", "where every text's numbers are kept as they are made"),
        switch_flag("resume", "go on with the journal's run; its settings must be the same"),
        value_flag("examples", "N", "first texts that the page shows", "5"), threads_flag(),
        profile_flag(), switch_flag("help", "this text")}});
  line.examples = kExamples;
  return line;
}

/// One run over all texts.
class Comparing {
 public:
  Comparing(const Arguments& arguments, InputSource& inputs)
      : inputs_(inputs), failures_(arguments.on("strict")) {}

  Comparison run(const Subject& subject, const Request& request,
                 const std::vector<MetricRequest>& metrics, const ComparisonOptions& options) {
    ComparisonStream stream;
    stream.next = [this]() -> std::optional<Input> {
      if (interrupted()) return std::nullopt;
      places_.emplace_back();
      std::optional<Input> input = inputs_.next();
      places_.back() = inputs_.where();
      return input;
    };
    stream.failed = [this](std::int64_t number, const std::exception& error) {
      return failures_.go_on(places_.at(static_cast<std::size_t>(number)), error, bar_);
    };
    stream.progress = [this](const Progress& progress) {
      bar_.update(progress.done, progress.total);
      return !interrupted();
    };
    stream.total = inputs_.size_hint();
    Comparison comparison = compare(subject, stream, request, metrics, options);
    bar_.hide();
    return comparison;
  }

 private:
  InputSource& inputs_;
  TextFailures failures_;
  ProgressBar bar_{"texts"};
  std::vector<std::string> places_;  ///< where each text stands, by its number
};

}  // namespace

int compare_command(const Words& words) {
  const CommandLine line = compare_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments, line.command);
  const Profiling profiling(arguments);
  if (arguments.on("resume") && !arguments.has("journal")) {
    fail(Code::kInvalidArgument, line.command, "--resume is given without --journal",
         "expected the journal of the run to go on with");
  }
  const Request request = read_evaluation_request(arguments, kMethods);
  ComparisonOptions options;
  options.journal = arguments.get_or("journal", "");
  options.resume = arguments.on("resume");
  options.examples = read_count(arguments, line.command, "examples").value_or(options.examples);
  const Subject subject = open_subject(arguments);
  const std::vector<MetricRequest> metrics = read_metrics(arguments, subject);
  const std::unique_ptr<InputSource> inputs =
      open_texts(arguments, line.command, subject, options.data);
  const Comparison comparison =
      Comparing(arguments, *inputs).run(subject, request, metrics, options);
  if (interrupted()) return interrupt_exit_code();
  if (comparison.texts == 0) {
    fail(Code::kBadFile, line.command,
         comparison.skipped == 0
             ? "there are no texts in " + options.data
             : "none of " + std::to_string(comparison.skipped) + " texts could be used",
         "expected at least one text");
  }
  write_comparison(arguments, comparison);
  return kExitOk;
}

}  // namespace ascribo::cli

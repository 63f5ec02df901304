// SPDX-License-Identifier: MIT
// `ascribo evaluate`: how far explanations of texts, or explanations made before, can be trusted.
#include <unistd.h>

#include <iostream>

#include "command.h"
#include "evaluating.h"
#include "evaluation_line.h"
#include "help.h"
#include "interrupt.h"
#include "method_flags.h"
#include "profile_flag.h"
#include "standard_output.h"
#include "terminal.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kMethod = "integrated_gradients";

constexpr const char* kExamples =
    R"(  ascribo evaluate "a gripping, funny film that never loses its nerve."
  ascribo evaluate --input dev.tsv --layout sst2 --limit 100 --method occlusion
  # every value and curve of every text
  ascribo evaluate --input dev.tsv --layout sst2 --limit 100 --output values.jsonl
  # explanations that were made before
  ascribo explain --input dev.tsv --method lime --output lime.jsonl
  ascribo evaluate --explanations lime.jsonl --metric deletion,sufficiency

`ascribo metrics NAME` says what a metric computes.
)";

CommandLine evaluate_flags() {
  CommandLine line;
  line.command = "evaluate";
  line.usage = "TEXT... | --input FILE | --explanations FILE  [flags]";
  line.summary =
      "Says by published metrics how far explanations can be trusted, beside reversed, random and "
      "length-only rankings.";
  line.positional = "TEXT";
  line.groups = {
      metric_question_flags(kMethod, true), metric_input_flags(), {"options of every method", {}}};
  for (OptionInfo& option : request_options()) line.groups[2].flags.push_back({option, "", false});
  for (FlagGroup& group : method_flags()) line.groups.push_back(std::move(group));
  line.groups.push_back(metric_output_flags());
  line.groups.back().flags.push_back(
      value_flag("output", "FILE", "values and curves of every text and target, as JSON lines"));
  line.groups.back().flags.push_back(switch_flag("table", "the table, also into a file or pipe"));
  line.groups.push_back(
      {"how it runs", {threads_flag(), profile_flag(), switch_flag("help", "this text")}});
  line.examples = kExamples;
  return line;
}

class Evaluating {
 public:
  Evaluating(const Arguments& arguments, std::vector<MetricRequest> metrics)
      : failures_(arguments.on("strict")), metrics_(std::move(metrics)) {
    if (const auto name = arguments.get("output")) output_ = std::make_unique<OutputFile>(*name);
  }

  Comparison texts(const Subject& subject, InputSource& inputs, const Request& request,
                   const ComparisonOptions& options) {
    ComparisonStream stream;
    stream.next = [&]() -> std::optional<Input> {
      if (interrupted()) return std::nullopt;
      places_.emplace_back();
      std::optional<Input> input = inputs.next();
      places_.back() = inputs.where();
      return input;
    };
    connect(stream);
    stream.total = inputs.size_hint();
    return finished(compare(subject, stream, request, metrics_, options));
  }

  Comparison saved(const Subject& subject, const std::string& file, const OptionValues& request,
                   const ComparisonOptions& options) {
    const std::unique_ptr<SavedExplanations> explanations = SavedExplanations::open(file);
    SavedStream stream;
    stream.next = [&]() -> std::optional<Explanation> {
      if (interrupted()) return std::nullopt;
      places_.emplace_back();
      std::optional<Explanation> explanation = explanations->next();
      places_.back() = explanations->where();
      return explanation;
    };
    connect(stream);
    return finished(compare_saved(subject, stream, metrics_, options, request));
  }

 private:
  template <class Stream>
  void connect(Stream& stream) {
    stream.failed = [this](std::int64_t number, const std::exception& error) {
      return failures_.go_on(places_.at(static_cast<std::size_t>(number)), error, bar_);
    };
    stream.done = [this](const Evaluation& evaluation) {
      if (output_) output_->write(evaluation_line(evaluation, metrics_));
    };
    stream.progress = [this](const Progress& progress) {
      bar_.update(progress.done, progress.total);
      return !interrupted();
    };
  }

  Comparison finished(Comparison comparison) {
    bar_.hide();
    if (output_ && !interrupted()) output_->commit();
    return comparison;
  }

  TextFailures failures_;
  std::vector<MetricRequest> metrics_;
  std::unique_ptr<OutputFile> output_;
  ProgressBar bar_{"texts"};
  std::vector<std::string> places_;  ///< where each text stands, by its number
};

/// Saved explanations have their texts and methods with them.
void check_saved_flags(const Arguments& arguments) {
  for (const char* name :
       {"input", "method", "target", "true_label", "unit", "score", "layout", "limit", "sample"}) {
    if (!arguments.has(name)) continue;
    fail(Code::kInvalidArgument, "evaluate",
         "both --explanations and " + flag_name(name) + " were given", "expected one of them",
         "what was saved says what was asked");
  }
  if (arguments.positionals.empty()) return;
  fail(Code::kInvalidArgument, "evaluate", "both --explanations and a text were given",
       "expected one of them");
}

}  // namespace

int evaluate_command(const Words& words) {
  const CommandLine line = evaluate_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments, line.command);
  const Profiling profiling(arguments);
  const auto file = arguments.get("explanations");
  if (file) check_saved_flags(arguments);
  const Request request = read_evaluation_request(arguments, kMethod);
  const Subject subject = open_subject(arguments);
  Evaluating evaluating(arguments, read_metrics(arguments, subject));
  ComparisonOptions options;
  Comparison comparison;
  if (file) {
    options.data = *file;
    comparison = evaluating.saved(subject, *file, request.options, options);
  } else {
    const std::unique_ptr<InputSource> inputs =
        open_texts(arguments, line.command, subject, options.data);
    comparison = evaluating.texts(subject, *inputs, request, options);
  }
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

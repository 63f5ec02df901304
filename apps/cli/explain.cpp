// SPDX-License-Identifier: MIT
// `ascribo explain`: which parts of a text made the model answer as it did.
#include <unistd.h>

#include <iostream>

#include "command.h"
#include "explain_flags.h"
#include "generate_flags.h"
#include "help.h"
#include "input_masks.h"
#include "input_source.h"
#include "interrupt.h"
#include "method_flags.h"
#include "model_folder.h"
#include "output_flags.h"
#include "plan_view.h"
#include "profile_flag.h"
#include "progress_bar.h"
#include "result_writer.h"
#include "spanned_inputs.h"
#include "standard_output.h"
#include "terminal.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

Request make_request(const Arguments& arguments) {
  Request request;
  request.method = arguments.get_or("method", request.method);
  if (arguments.has("target")) request.targets = arguments.all("target");
  request.options = option_values(arguments);
  if (arguments.has("save_masks")) request.options["keep_masks"] = "yes";
  if (arguments.has("spans") && !arguments.has("unit")) request.options["unit"] = "span";
  if (arguments.has("max_new_tokens")) request.generate = generation_request(arguments);
  return request;
}

/// What only makes sense where the model writes first.
void check_writing_flags(const Arguments& arguments) {
  if (!arguments.has("max_new_tokens")) {
    for (const Flag& flag : writing_flags(false).flags) {
      if (!arguments.has(flag.option.name)) continue;
      fail(Code::kInvalidArgument, "explain",
           flag_name(flag.option.name) + " is given without --max-new-tokens",
           "expected both, to explain what the model writes");
    }
    return;
  }
  for (const char* name : {"continue", "continue_ids"}) {
    if (!arguments.has(name)) continue;
    fail(Code::kInvalidArgument, "explain",
         "both --max-new-tokens and " + flag_name(name) + " were given",
         "expected what is written to be given, or to be made");
  }
}

/// A plan is no result, and goes to standard output.
void check_plan_flags(const Arguments& arguments) {
  for (const std::string& name : output_file_flags()) {
    if (!arguments.has(name)) continue;
    fail(Code::kInvalidArgument, "explain", "both --plan and " + flag_name(name) + " were given",
         "expected one of them", "a plan has no results to write; it goes to standard output");
  }
}

/// Errors that belong to one input, so that others may still be explained.
bool belongs_to_input(Code code) {
  return code != Code::kIo && code != Code::kInternal && code != Code::kCancelled;
}

/// One run over all inputs.
class Explaining {
 public:
  Explaining(const Arguments& arguments, InputSource& inputs, ResultWriter& writer)
      : arguments_(arguments), inputs_(inputs), writer_(writer) {}

  void run(const Subject& subject, const Request& request) {
    Subject::Stream stream = make_stream(subject);
    stream.done = [this](const Explanation& explanation) { done(explanation); };
    try {
      subject.explain(stream, request);
    } catch (const Error& error) {
      if (error.code() != Code::kCancelled || interrupted()) throw;  // else nobody reads on
    }
    bar_.hide();
  }

  Plan plan(const Subject& subject, const Request& request) {
    Plan plan = subject.plan(make_stream(subject), request);
    bar_.hide();
    return plan;
  }

  std::int64_t skipped() const { return skipped_; }

 private:
  Subject::Stream make_stream(const Subject& subject) {
    Subject::Stream stream;
    stream.next = [this, &subject] { return next(subject); };
    stream.failed = [this](std::int64_t number, const std::exception& error) {
      return failed(number, error);
    };
    stream.progress = [this](const Progress& progress) {
      bar_.update(progress.done, progress.total);
      return !interrupted() && writer_.wanted();
    };
    stream.total = inputs_.size_hint();
    return stream;
  }

  std::optional<Input> next(const Subject& subject) {
    if (interrupted() || !writer_.wanted()) return std::nullopt;
    places_.emplace_back();  // an error in reading says itself where
    std::optional<Input> input = inputs_.next();
    places_.back() = inputs_.where();
    if (input) input = laid_out(std::move(*input), subject, arguments_);
    return input;
  }

  void done(const Explanation& explanation) {
    bar_.hide();
    writer_.add(explanation);
  }

  bool failed(std::int64_t number, const std::exception& exception) {
    const auto* error = dynamic_cast<const Error*>(&exception);
    if (error == nullptr || !belongs_to_input(error->code())) return false;
    const std::string& place = places_.at(static_cast<std::size_t>(number));
    if (!arguments_.on("skip_errors")) {
      throw Error(error->code(), (place.empty() ? "" : place + ": ") + error->what());
    }
    report(place, *error);
    return true;
  }

  void report(const std::string& place, const Error& error) {
    bar_.hide();
    std::cerr << "ascribo: " << place << (place.empty() ? "" : ": ") << error.what() << "\n";
    ++skipped_;
  }

  const Arguments& arguments_;
  InputSource& inputs_;
  ResultWriter& writer_;
  ProgressBar bar_{"texts"};
  std::vector<std::string> places_;  ///< where each input stands, by its number
  std::int64_t skipped_ = 0;
};

}  // namespace

int explain_command(const Words& words) {
  const CommandLine line = explain_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments, line.command);
  const Profiling profiling(arguments);
  check_writing_flags(arguments);
  const Request request = make_request(arguments);
  if (arguments.on("plan")) check_plan_flags(arguments);
  const OutputPlan output = make_output(arguments, line.command);
  SubjectOptions options;
  if (const auto labels = arguments.get("labels")) options.labels = split_at_commas(*labels);
  if (arguments.get("tokenizer")) options.tokenizer = tokenizer_folder(arguments);
  std::unique_ptr<InputSource> inputs = open_inputs(arguments, line.command);
  if (const auto masks = arguments.get("masks")) inputs = with_masks(std::move(inputs), *masks);
  const SpannedInputs* spanned = nullptr;
  if (const auto file = arguments.get("spans")) {
    auto with_spans = std::make_unique<SpannedInputs>(std::move(inputs), *file);
    spanned = with_spans.get();
    inputs = std::move(with_spans);
  }
  const Subject subject = Subject::open(model_folder(arguments), options);
  if (!arguments.has("ids") && !arguments.has("input")) subject.tokenizer();  // or says why not
  ResultWriter writer(output);
  Explaining explaining(arguments, *inputs, writer);
  if (arguments.on("plan")) {
    const Plan plan = explaining.plan(subject, request);
    if (interrupted()) return interrupt_exit_code();
    const bool text = !arguments.on("json") && output.standard == &find_renderer("terminal");
    print(text ? plan_text(plan, output.render.width) : plan_json(plan));
    return plan.texts.empty() && explaining.skipped() > 0 ? kExitWrongInput : kExitOk;
  }
  explaining.run(subject, request);
  if (interrupted()) return interrupt_exit_code();
  writer.finish();
  report_files(output, writer);
  if (spanned && !spanned->left().empty()) {
    std::cerr << "ascribo: no text was found for the spans of " << spanned->left() << "\n";
  }
  if (explaining.skipped() > 0) {
    std::cerr << "ascribo: " << explaining.skipped() << " skipped, " << writer.written()
              << " explained\n";
  }
  return explaining.skipped() > 0 && writer.written() == 0 ? kExitWrongInput : kExitOk;
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// `ascribo explain`: which parts of a text made the model answer as it did.
#include <unistd.h>

#include <charconv>
#include <iostream>

#include "command.h"
#include "explain_flags.h"
#include "help.h"
#include "input_masks.h"
#include "input_source.h"
#include "interrupt.h"
#include "method_flags.h"
#include "model_folder.h"
#include "plan_view.h"
#include "progress_bar.h"
#include "result_writer.h"
#include "spanned_inputs.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Request make_request(const Arguments& arguments) {
  Request request;
  request.method = arguments.get_or("method", request.method);
  if (arguments.has("target")) request.targets = arguments.all("target");
  request.options = option_values(arguments);
  if (arguments.has("save_masks")) request.options["keep_masks"] = "yes";
  if (arguments.has("spans") && !arguments.has("unit")) request.options["unit"] = "span";
  return request;
}

ColorChoice color_choice(const Arguments& arguments) {
  const std::string choice = arguments.get_or("color", "auto");
  if (choice == "always") return ColorChoice::kAlways;
  return choice == "never" ? ColorChoice::kNever : ColorChoice::kAuto;
}

Ground ground(const Arguments& arguments) {
  const std::string choice = arguments.get_or("background", "auto");
  if (choice == "light") return Ground::kLight;
  return choice == "dark" ? Ground::kDark : terminal_ground();
}

OutputPlan make_output(const Arguments& arguments) {
  OutputPlan plan;
  const bool terminal = is_terminal(STDOUT_FILENO);
  const ColorChoice choice = color_choice(arguments);
  plan.render.color = color_depth(choice, terminal);
  plan.render.palette = arguments.get_or("palette", "green_red") == "blue_orange"
                            ? Palette::kBlueOrange
                            : Palette::kGreenRed;
  plan.render.ground = ground(arguments);
  plan.render.width = terminal_width(STDOUT_FILENO);
  plan.html_file = arguments.get("html");
  plan.mask_file = arguments.get("save_masks");
  const auto output = arguments.get("output");
  if (output && *output != "-") plan.json_file = output;
  if (output && std::filesystem::path(*output).extension() == ".html") {
    fail(Code::kInvalidArgument, "explain", "--output is \"" + *output + "\"",
         "expected a file for JSON", "--html " + *output + " writes a page");
  }
  const bool text =
      !output && !arguments.on("json") && (terminal || choice == ColorChoice::kAlways);
  if (text) {
    plan.standard = &find_renderer("terminal");
  } else if (!plan.json_file || arguments.on("json")) {
    plan.standard = &find_renderer("json");
  }
  return plan;
}

/// A plan is no result, and goes to standard output.
void check_plan_flags(const Arguments& arguments) {
  for (const char* name : {"output", "html", "save_masks"}) {
    if (!arguments.has(name)) continue;
    fail(Code::kInvalidArgument, "explain", "both --plan and " + flag_name(name) + " were given",
         "expected one of them", "a plan has no results to write; it goes to standard output");
  }
}

void use_threads(const Arguments& arguments) {
  const auto given = arguments.get("threads");
  if (!given) return;
  std::int64_t count = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, count);
  if (error != std::errc() || stop != end || count < 1) {
    fail(Code::kInvalidArgument, "explain", "--threads is \"" + *given + "\"",
         "expected a whole number from 1 on");
  }
  set_threads(count);
}

/// Errors that belong to one input, so that others may still be explained.
bool belongs_to_input(Code code) {
  return code != Code::kIo && code != Code::kInternal && code != Code::kCancelled;
}

/// One run over all inputs.
class Explaining {
 public:
  Explaining(const Arguments& arguments, InputSource& inputs, ResultWriter& writer)
      : skip_errors_(arguments.on("skip_errors")), inputs_(inputs), writer_(writer) {}

  void run(const Subject& subject, const Request& request) {
    Subject::Stream stream = make_stream();
    stream.done = [this](const Explanation& explanation) { done(explanation); };
    try {
      subject.explain(stream, request);
    } catch (const Error& error) {
      if (error.code() != Code::kCancelled || interrupted()) throw;  // else nobody reads on
    }
    bar_.hide();
  }

  Plan plan(const Subject& subject, const Request& request) {
    Plan plan = subject.plan(make_stream(), request);
    bar_.hide();
    return plan;
  }

  std::int64_t skipped() const { return skipped_; }

 private:
  Subject::Stream make_stream() {
    Subject::Stream stream;
    stream.next = [this] { return next(); };
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

  std::optional<Input> next() {
    if (interrupted() || !writer_.wanted()) return std::nullopt;
    places_.emplace_back();  // an error in reading says itself where
    std::optional<Input> input = inputs_.next();
    places_.back() = inputs_.where();
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
    if (!skip_errors_) {
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

  bool skip_errors_;
  InputSource& inputs_;
  ResultWriter& writer_;
  ProgressBar bar_{"texts"};
  std::vector<std::string> places_;  ///< where each input stands, by its number
  std::int64_t skipped_ = 0;
};

void report_files(const OutputPlan& plan, const ResultWriter& writer) {
  const std::int64_t written = writer.written();
  const std::string count =
      std::to_string(written) + (written == 1 ? " explanation" : " explanations");
  if (plan.json_file) std::cerr << "ascribo: " << count << " in " << *plan.json_file << "\n";
  if (const auto file = writer.layer_file()) {
    std::cerr << "ascribo: layer tables in " << file->string() << "\n";
  }
  if (plan.html_file) std::cerr << "ascribo: " << count << " in " << *plan.html_file << "\n";
  if (plan.mask_file) std::cerr << "ascribo: masks in " << *plan.mask_file << "\n";
}

}  // namespace

int explain_command(const Words& words) {
  const CommandLine line = explain_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments);
  const Request request = make_request(arguments);
  if (arguments.on("plan")) check_plan_flags(arguments);
  const OutputPlan output = make_output(arguments);
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

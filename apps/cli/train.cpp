// SPDX-License-Identifier: MIT
// `ascribo train`: fine-tunes a checkpoint.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "command.h"
#include "help.h"
#include "interrupt.h"
#include "profile_flag.h"
#include "progress_bar.h"
#include "standard_output.h"
#include "terminal.h"
#include "train_flags.h"

namespace ascribo::cli {
namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// What is seen while it runs: notes and evaluations as lines, the rest as a bar.
class View {
 public:
  explicit View(ProgressBar& bar) : bar_(bar) {}

  void note(const std::string& text) {
    bar_.hide();
    std::cerr << "ascribo: " << text << "\n";
  }

  bool step(const StepReport& report, std::int64_t steps) {
    // What single steps lose goes up and down too much to be read.
    loss_ = report.step <= 1 || loss_ == 0 ? report.loss : 0.95 * loss_ + 0.05 * report.loss;
    bar_.describe("steps, loss " + short_number(loss_) + score_);
    bar_.update(report.step, steps);
    return !interrupted();
  }

  void evaluated(std::int64_t step, const ModelScores& evaluation, bool best) {
    std::string text =
        "step " + std::to_string(step) + ": dev loss " + short_number(evaluation.loss);
    for (const auto& [name, value] : evaluation.scores) {
      text += ", " + name + " " + short_number(value);
    }
    if (!evaluation.scores.empty()) {
      const auto& [name, value] = evaluation.scores.front();
      score_ = ", " + name + " " + short_number(value);
    }
    note(text + (best ? " (best so far)" : ""));
  }

 private:
  ProgressBar& bar_;
  double loss_ = 0;
  std::string score_;
};

/// The same texts as the model has them by now, through `ascribo explain`.
void explain_checkpoint(const Arguments& arguments, const std::filesystem::path& model,
                        const std::filesystem::path& kept, std::int64_t step) {
  char name[32];
  std::snprintf(name, sizeof name, "step-%06lld.jsonl", static_cast<long long>(step));
  const std::filesystem::path folder = kept / "explanations";
  std::filesystem::create_directories(folder);
  Words words{"--model",  model.string(),
              "--input",  *arguments.get("explain"),
              "--output", (folder / name).string(),
              "--method", arguments.get_or("explain_method", "integrated_gradients")};
  for (const char* flag : {"text_column", "pair_column", "threads"}) {
    if (const auto value = arguments.get(flag)) {
      words.insert(words.end(), {flag_name(flag), *value});
    }
  }
  // Every label, as the likeliest may be another at every step.
  if (arguments.get_or("learn", "label") == "label") {
    words.insert(words.end(), {"--target", "all"});
  }
  explain_command(words);
}

}  // namespace

int train_command(const Words& words) {
  const CommandLine line = train_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  const Profiling profiling(arguments);
  const FineTuning request = training_request(arguments);
  ProgressBar bar("steps");
  View view(bar);
  FineTuningEvents events;
  events.note = [&](const std::string& text) { view.note(text); };
  events.step = [&](const StepReport& report, std::int64_t steps) {
    return view.step(report, steps);
  };
  events.evaluated = [&](std::int64_t step, const ModelScores& evaluation, bool best) {
    view.evaluated(step, evaluation, best);
  };
  if (arguments.has("explain")) {
    events.checkpoint = [&](const std::filesystem::path& model, const std::filesystem::path& kept,
                            std::int64_t step) {
      bar.hide();
      explain_checkpoint(arguments, model, kept, step);
    };
  }
  const FineTuned result = fine_tune(request, events);
  bar.hide();
  if (!result.finished) {
    std::cerr << "ascribo: stopped after step " << result.step << ", saved in "
              << result.folder.string() << "; the same command with --resume goes on\n";
    return interrupt_exit_code();
  }
  std::string text = result.folder.string() + ": " + std::to_string(result.step) + " steps";
  if (!result.metric.empty()) {
    text += ", best " + result.metric + " " + short_number(result.best) + " at step " +
            std::to_string(result.best_step);
  }
  print(text + "\n");
  return kExitOk;
}

}  // namespace ascribo::cli

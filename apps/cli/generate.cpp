// SPDX-License-Identifier: MIT
// `ascribo generate`: what a causal language model writes after a prompt.
#include <unistd.h>

#include <iostream>
#include <map>
#include <memory>

#include "command.h"
#include "generate_flags.h"
#include "generation_view.h"
#include "help.h"
#include "input_source.h"
#include "interrupt.h"
#include "model_folder.h"
#include "profile_flag.h"
#include "progress_bar.h"
#include "standard_output.h"
#include "terminal.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  # the likeliest words, one after another
  ascribo generate --model ./my-model --max-new-tokens 50 "the film was"
  # at random, the same each time, up to the end of the line
  ascribo generate --model ./my-model --temperature 0.8 --top-p 0.9 --seed 7 --stop $'\n' "Q: why?"
  # a chat checkpoint
  ascribo generate --model ./my-chat-model --chat --system "Be brief." "Is it a good film?"
  # many prompts, one JSON object per line
  ascribo generate --model ./my-model --input prompts.txt --output out.jsonl

In a terminal text appears as it is written; with --json, or when the output is not a terminal,
there is one JSON object per prompt. `ascribo explain --max-new-tokens N` explains what is written.
)";

CommandLine generate_flags() {
  CommandLine line;
  line.command = "generate";
  line.usage = "PROMPT... | --input FILE  [flags]";
  line.summary = "Shows what a causal language model writes after each prompt.";
  line.positional = "PROMPT";
  line.groups = {
      {"what is asked", {model_flag(), tokenizer_flag()}},
      input_flags(false),
      writing_flags(true),
      chat_flags(),
      {"what is written",
       {switch_flag("json", "JSON lines on standard output"),
        value_flag("output", "FILE", "JSON lines to a file instead")}},
      {"how it runs", {threads_flag(), profile_flag(), switch_flag("help", "this text")}}};
  std::erase_if(line.groups[1].flags, [](const Flag& flag) {
    return flag.option.name == "pair" || flag.option.name == "pair_column";
  });
  line.groups[1].flags.push_back(
      value_flag("ids", "\"N N ...\"", "token ids as the model sees them, instead of a prompt"));
  line.examples = kExamples;
  return line;
}

/// Where results go: text as it comes, or JSON.
class Output {
 public:
  explicit Output(const Arguments& arguments) {
    const auto file = arguments.get("output");
    if (file && *file != "-") file_ = std::make_unique<OutputFile>(*file);
    text_ = !file && !arguments.on("json") && is_terminal(STDOUT_FILENO);
  }

  bool shows_text() const { return text_; }
  bool wanted() const { return open_ || file_; }

  /// Text of one prompt, which is shown as long as no earlier one is still written.
  void piece(std::int64_t number, std::string_view text) {
    if (text_) waiting_[number] += text;
    show_current();
  }
  /// A prompt whose text may be shown as it comes.
  void begin(std::int64_t number, const std::string& prompt) { prompts_[number] = prompt; }
  void done(const Generation& generation) {
    if (!text_) {
      const std::string line = generation_json(generation);
      if (file_) file_->write(line);
      if (!file_) open_ = print(line);
    } else {
      show_current();
      open_ = print("\n\n" + ending_text(generation));
      prompts_.erase(current_++);
      started_ = false;
    }
    ++written_;
  }
  /// One that could not be continued.
  void skip() { ++current_; }
  void finish(const Arguments& arguments) {
    if (!file_) return;
    file_->commit();
    std::cerr << "ascribo: " << written_ << (written_ == 1 ? " generation" : " generations")
              << " in " << *arguments.get("output") << "\n";
  }
  std::int64_t written() const { return written_; }

 private:
  void show_current() {
    if (!text_ || prompts_.find(current_) == prompts_.end()) return;
    if (!started_) open_ = print((current_ == 0 ? "" : "\n") + harmless(prompts_[current_]));
    started_ = true;
    const auto more = waiting_.find(current_);
    if (more == waiting_.end()) return;
    open_ = print(harmless(more->second));
    waiting_.erase(more);
  }

  std::unique_ptr<OutputFile> file_;
  bool text_ = false, open_ = true, started_ = false;
  std::map<std::int64_t, std::string> prompts_, waiting_;
  std::int64_t current_ = 0, written_ = 0;
};

/// One run over all prompts.
class Generating {
 public:
  Generating(const Arguments& arguments, InputSource& inputs, Output& output)
      : arguments_(arguments), inputs_(inputs), output_(output) {}

  void run(const Subject& subject, const GenerationRequest& request) {
    Subject::Prompts prompts;
    prompts.next = [&] { return next(subject); };
    prompts.piece = [&](std::int64_t number, std::string_view text) {
      output_.piece(number, text);
    };
    prompts.done = [&](const Generation& generation) {
      bar_.hide();
      output_.done(generation);
    };
    prompts.failed = [&](std::int64_t number, const std::exception& error) {
      return failed(number, error);
    };
    prompts.progress = [&](const Progress& progress) {
      if (!output_.shows_text()) bar_.update(progress.done, progress.total);
      return !interrupted() && output_.wanted();
    };
    prompts.total = inputs_.size_hint();
    try {
      subject.generate(prompts, request);
    } catch (const Error& error) {
      if (error.code() != Code::kCancelled || interrupted()) throw;  // else nobody reads on
    }
    bar_.hide();
  }

  std::int64_t skipped() const { return skipped_; }

 private:
  std::optional<Input> next(const Subject& subject) {
    if (interrupted() || !output_.wanted()) return std::nullopt;
    places_.emplace_back();  // an error in reading says itself where
    std::optional<Input> input = inputs_.next();
    places_.back() = inputs_.where();
    if (!input) return input;
    input = laid_out(std::move(*input), subject, arguments_);
    output_.begin(static_cast<std::int64_t>(places_.size()) - 1, input->text);
    return input;
  }

  bool failed(std::int64_t number, const std::exception& exception) {
    const auto* error = dynamic_cast<const Error*>(&exception);
    if (error == nullptr) return false;
    const std::string& place = places_.at(static_cast<std::size_t>(number));
    const std::string message = (place.empty() ? "" : place + ": ") + error->what();
    if (!arguments_.on("skip_errors")) throw Error(error->code(), message);
    bar_.hide();
    std::cerr << "ascribo: " << message << "\n";
    output_.skip();
    ++skipped_;
    return true;
  }

  const Arguments& arguments_;
  InputSource& inputs_;
  Output& output_;
  ProgressBar bar_{"prompts"};
  std::vector<std::string> places_;  ///< where each prompt stands, by its number
  std::int64_t skipped_ = 0;
};

}  // namespace

int generate_command(const Words& words) {
  const CommandLine line = generate_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments, line.command);
  const Profiling profiling(arguments);
  const GenerationRequest request = generation_request(arguments);
  SubjectOptions options;
  if (arguments.get("tokenizer")) options.tokenizer = tokenizer_folder(arguments);
  const std::unique_ptr<InputSource> inputs = open_inputs(arguments, line.command);
  const Subject subject = Subject::open(model_folder(arguments), options);
  if (!arguments.has("ids") && !arguments.has("input")) subject.tokenizer();  // or says why not
  Output output(arguments);
  Generating generating(arguments, *inputs, output);
  generating.run(subject, request);
  if (interrupted()) return interrupt_exit_code();
  output.finish(arguments);
  if (generating.skipped() > 0) {
    std::cerr << "ascribo: " << generating.skipped() << " skipped, " << output.written()
              << " continued\n";
  }
  return generating.skipped() > 0 && output.written() == 0 ? kExitWrongInput : kExitOk;
}

}  // namespace ascribo::cli

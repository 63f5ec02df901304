// SPDX-License-Identifier: MIT
// The program: finds the command, and turns what it throws into a line and an exit code.
#include <unistd.h>

#include <iostream>
#include <string_view>

#include "command.h"
#include "flags.h"
#include "help.h"
#include "interrupt.h"
#include "standard_output.h"

namespace ascribo::cli {
namespace {

struct Command {
  std::string_view name;
  int (*run)(const Words& words);
};

constexpr Command kCommands[] = {
    {"explain", explain_command},     {"generate", generate_command},
    {"show", show_command},           {"evaluate", evaluate_command},
    {"compare", compare_command},     {"tokenize", tokenize_command},
    {"info", info_command},           {"methods", methods_command},
    {"metrics", metrics_command},     {"compare-models", compare_models_command},
    {"reproduce", reproduce_command}, {"train", train_command},
};

constexpr const char* kHelp = R"(usage: ascribo COMMAND ...

Says which parts of a text made a Transformer language model answer as it did.

commands:
  explain   scores for the words of a text, or of every text of a file
  generate  what a causal language model writes after a prompt
  show      explanations that were saved, as text, page, picture or table
  evaluate  how far explanations can be trusted, by published metrics
  compare   which of several methods to believe, on a data set
  train     a checkpoint that learns to label texts, to be explained
  tokenize  what the model is given in place of a text
  info      what a checkpoint holds: weights, taps, labels, tokenizer
  methods   the methods to choose from, and their options
  metrics   the metrics to judge them by, and their options
  compare-models
            whether checkpoints of one task are explained alike
  reproduce a published study, on checkpoints and texts of your own

  ascribo COMMAND --help says what a command takes; ascribo --version prints the version.

examples:
  ascribo explain "a gripping, funny film that never loses its nerve."
  ascribo explain --model ./my-model --html page.html "great movie!"
  ascribo methods integrated_gradients
)";

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

[[noreturn]] void fail_unknown_command(const std::string& name) {
  const std::vector<std::string> names = command_names();
  fail(Code::kUnknownName, "ascribo", "there is no command \"" + name + "\"",
       "expected " + listed(names, "or"), nearest_hint(name, names));
}

int run(const Words& words) {
  if (words.empty()) {
    fail(Code::kInvalidArgument, "ascribo", "no command is given",
         "expected " + listed(command_names(), "or"), "ascribo explain \"a gripping, funny film\"");
  }
  const std::string& name = words.front();
  const Words rest(words.begin() + 1, words.end());
  for (const Command& command : kCommands) {
    if (command.name == name) return command.run(rest);
  }
  if (name == "--help" || name == "-h" || name == "help") {
    print(kHelp);
    return kExitOk;
  }
  if (name == "--version") {
    print("ascribo " ASCRIBO_VERSION "\n");
    return kExitOk;
  }
  fail_unknown_command(name);
}

/// One line, whatever the message holds.
void report(std::string message) {
  for (char& c : message) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  std::cerr << "ascribo: " << message << "\n";
}

int exit_code(Code code) {
  switch (code) {
    case Code::kIo:
    case Code::kInternal: return kExitFailure;
    case Code::kCancelled: return interrupt_exit_code();
    default: return kExitWrongInput;
  }
}

int guarded(const Words& words) {
  try {
    return run(words);
  } catch (const Error& error) {
    if (error.code() != Code::kCancelled) report(error.what());
    return exit_code(error.code());
  } catch (const std::bad_alloc&) {
    report(
        "[memory] there is not enough of it; expected room for the model and its batches. "
        "Hint: a smaller --batch-tokens needs less");
  } catch (const std::exception& error) {
    report(std::string("[internal] ") + error.what());
  }
  return kExitFailure;
}

}  // namespace
}  // namespace ascribo::cli

int main(int argc, char** argv) {
  ascribo::cli::catch_interrupts();
  const ascribo::cli::Words words(argv + 1, argv + argc);
  return ascribo::cli::guarded(words);
}

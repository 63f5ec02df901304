// SPDX-License-Identifier: MIT
// `ascribo show`: saved explanations once more, in any form.
#include <unistd.h>

#include <iostream>

#include "command.h"
#include "help.h"
#include "interrupt.h"
#include "output_flags.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo explain --input reviews.tsv --output results.jsonl
  # as a page, and the coloured text of one target
  ascribo show results.jsonl --html results.html --color always
  ascribo show results.jsonl --target negative --sort --color always
  # a picture and a table for a paper
  ascribo show results.jsonl --svg figure.svg --latex figure.tex --csv scores.csv

Nothing is computed anew: what is shown is what was saved, and with --json the same bytes again.
)";

CommandLine show_flags() {
  CommandLine line;
  line.command = "show";
  line.usage = "FILE...  [flags]";
  line.summary =
      "Shows explanations that `ascribo explain` saved with --output or --json; - is standard "
      "input.";
  line.positional = "FILE";
  Flag target =
      value_flag("target", "TARGET", "only these: a label, #INDEX of an output, or token:P", "all");
  target.option.repeatable = true;
  line.groups = {{"what is shown",
                  {target, switch_flag("sort", "units by score as well"),
                   choice_flag("normalize", {"none", "l2", "l1", "max"}, "scale scores to norm 1"),
                   switch_flag("skip_errors", "leave out what cannot be read, and count it")}},
                 output_flags(),
                 {"else", {switch_flag("help", "this text")}}};
  line.examples = kExamples;
  return line;
}

bool is_asked_for(const Attribution& attribution, const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    if (target == attribution.target) return true;
    if (target == "#" + std::to_string(attribution.index)) return true;
    if (attribution.position && target == "token:" + std::to_string(*attribution.position)) {
      return true;
    }
  }
  return targets.empty();
}

Explanation chosen(Explanation explanation, const Arguments& arguments) {
  const std::vector<std::string> targets = arguments.all("target");
  std::vector<std::string> names;
  std::vector<Attribution> kept;
  for (Attribution& attribution : explanation.attributions) {
    names.push_back(attribution.target);
    if (is_asked_for(attribution, targets)) kept.push_back(std::move(attribution));
  }
  if (kept.empty() && !targets.empty()) {
    fail(Code::kUnknownName, "show", "no target is " + listed(targets, "or"),
         "there are " + listed(names), nearest_hint(targets[0], names));
  }
  explanation.attributions = std::move(kept);
  explanation.sort = arguments.on("sort");
  explanation.normalize = arguments.get_or("normalize", "none");
  return explanation;
}

/// Shows one file; returns how many explanations were left out.
std::int64_t show_file(const std::string& name, const Arguments& arguments, ResultWriter& writer) {
  std::int64_t skipped = 0;
  const auto saved = SavedExplanations::open(name);
  while (!interrupted() && writer.wanted()) {
    bool read = false;  // whether the error, if any, is about what was read
    try {
      std::optional<Explanation> explanation = saved->next();
      if (!explanation) break;
      read = true;
      writer.add(chosen(*std::move(explanation), arguments));
    } catch (const Error& error) {
      const std::string message = (read ? saved->where() + ": " : "") + error.what();
      if (error.code() == Code::kIo || !arguments.on("skip_errors")) {
        throw Error(error.code(), message);
      }
      std::cerr << "ascribo: " << message << "\n";
      ++skipped;
    }
  }
  return skipped;
}

}  // namespace

int show_command(const Words& words) {
  const CommandLine line = show_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  if (arguments.positionals.empty()) {
    fail(Code::kInvalidArgument, line.command, "no file is given", "expected FILE",
         "ascribo explain --output results.jsonl ... writes one");
  }
  const OutputPlan output = make_output(arguments, line.command);
  ResultWriter writer(output);
  std::int64_t skipped = 0;
  for (const std::string& name : arguments.positionals) {
    skipped += show_file(name, arguments, writer);
  }
  if (interrupted()) return interrupt_exit_code();
  writer.finish();
  report_files(output, writer);
  if (skipped > 0) {
    std::cerr << "ascribo: " << skipped << " skipped, " << writer.written() << " shown\n";
  }
  return skipped > 0 && writer.written() == 0 ? kExitWrongInput : kExitOk;
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// `ascribo reproduce`: published studies, on checkpoints and texts of one's own.
#include <unistd.h>

#include <iostream>

#include "command.h"
#include "evaluating.h"
#include "help.h"
#include "interrupt.h"
#include "reproduce_files.h"
#include "standard_output.h"
#include "terminal.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo reproduce alti attributions --models-dir checkpoints --model bert,roberta --task sst2 \
      --data dev.tsv --samples 100
  ascribo reproduce alti aupc --models-dir checkpoints --model bert,roberta --task sst2 \
      --fidelity comp --svg curves.svg --latex table.tex
  # shares of the tokens instead of one by one
  ascribo reproduce alti aupc --models-dir checkpoints --model bert --task sst2 --fidelity suff --bins

attributions saves what every method of the study says of the texts, as JSON lines and as one .npz;
aupc reads that and asks the model. Both columns of its table rank the same texts: "published" as the
authors' code does (compat alti), "corrected" by the methods' and the metric's own definitions.
)";

CommandLine reproduce_flags() {
  CommandLine line;
  line.command = "reproduce";
  line.usage = "alti attributions|aupc  [flags]";
  line.summary =
      "Repeats the study of Ferrando et al. 2022 (ALTI): which of nine methods finds the tokens "
      "that "
      "a classifier, or the form of a masked verb, depends on.";
  line.positional = "STUDY STEP";
  line.groups = {
      {"what is studied",
       {value_flag("models_dir", "DIR", "folder of checkpoints, called MODEL-TASK or MODEL"),
        value_flag("model", "NAME[,NAME...]", "which of them", "bert"),
        choice_flag("task", {"sst2", "imdb", "yelp", "rotten_tomatoes", "sva"},
                    "what the texts are: sentiment, or sentences with a verb to agree"),
        value_flag("max_len", "N", "longer texts, in tokens, are skipped and counted", "200"),
        value_flag("out", "DIR", "where scores are saved, and read", "alti-study")}},
      {"attributions",
       {value_flag("data", "FILE", "the texts"),
        value_flag("samples", "N", "texts drawn at random", "all"),
        value_flag("seed", "N", "draws other texts; from 1", "10")}},
      {"aupc",
       {choice_flag("fidelity", {"comp", "suff"},
                    "the tokens ranked highest go, or are all that is left"),
        switch_flag("bins", "1, 5, 10, 20 and 50 % of the tokens, not one by one"),
        value_flag("max_skip", "N", "one by one: points of the curve at most", "30"),
        value_flag("svg", "FILE", "the curves"),
        value_flag("latex", "FILE", "a tabular to \\input"),
        value_flag("csv", "FILE", "a line for each method and recipe"),
        switch_flag("json", "JSON on standard output"),
        switch_flag("table", "the table, also into a file or pipe")}},
      {"how it runs",
       {switch_flag("strict", "stop at the first text that cannot be used"), threads_flag(),
        switch_flag("help", "this text")}}};
  line.examples = kExamples;
  return line;
}

AltiTask task_of(const Arguments& arguments) {
  const std::string name = arguments.get_or("task", "sst2");
  constexpr auto& kNames = EnumNames<AltiTask>::kNames;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<AltiTask>(i);
  }
  return AltiTask::kSst2;
}

std::string needed(const Arguments& arguments, const char* flag, const std::string& what) {
  if (const auto given = arguments.get(flag)) return *given;
  fail(Code::kInvalidArgument, "reproduce", "no " + flag_name(flag) + " is given",
       "expected " + what);
}

std::int64_t most_tokens(const Arguments& arguments) {
  return read_count(arguments, "reproduce", "max_len").value_or(200);
}

/// Where a row stands; nowhere where its error says so itself.
std::string place_of(const AltiRow& row, const std::string& data) {
  return row.error.empty() ? data + " line " + std::to_string(row.line) : "";
}

/// The texts of one model: explained under both recipes, and saved.
void save_scores(const Arguments& arguments, const std::filesystem::path& checkpoint,
                 const std::filesystem::path& folder, const std::vector<AltiRow>& rows) {
  const std::int64_t most = most_tokens(arguments);
  const Subject subject = Subject::open(checkpoint);
  check_alti(subject, task_of(arguments));
  StudyWriter writer(folder);
  ProgressBar bar("texts");
  TextFailures failures(arguments.on("strict"));
  const std::string data = needed(arguments, "data", "the file with the texts");
  std::int64_t long_ones = 0, done = 0;
  for (const AltiRow& row : rows) {
    if (interrupted()) return;
    try {
      std::vector<std::vector<Explanation>> all;
      for (const AltiRecipe recipe : kAltiRecipes) {
        all.push_back(explain_alti(subject, row, recipe, most));
      }
      writer.add(all);
    } catch (const Error& error) {
      if (error.code() == Code::kTooLong) {
        ++long_ones;
      } else if (!failures.go_on(place_of(row, data), error, bar)) {
        throw;
      }
    }
    bar.update(++done, static_cast<std::int64_t>(rows.size()));
  }
  bar.hide();
  writer.commit();
  std::cerr << "ascribo: " << writer.texts() << " texts in " << folder.string() << ", " << long_ones
            << " too long, " << failures.count() << " not used\n";
}

void judge_scores(const Arguments& arguments, const std::filesystem::path& checkpoint,
                  const std::filesystem::path& folder, const std::string& suffix) {
  FidelityOptions options;
  options.fidelity =
      arguments.get_or("fidelity", "comp") == "comp" ? Fidelity::kComp : Fidelity::kSuff;
  options.bins = arguments.on("bins");
  options.most_gone = read_count(arguments, "reproduce", "max_skip").value_or(options.most_gone);
  options.most_tokens = most_tokens(arguments);
  ProgressBar bar("rankings");
  TextFailures failures(arguments.on("strict"));
  const std::vector<AltiScores> scores =
      read_study(folder, [&](const Error& error) { return failures.go_on("", error, bar); });
  const Subject subject = Subject::open(checkpoint);
  FidelityProgress progress;
  progress.failed = [&](std::int64_t number, const std::exception& error) {
    return failures.go_on(folder.string() + " text " + std::to_string(number + 1), error, bar);
  };
  progress.progress = [&](const Progress& so_far) {
    bar.update(so_far.done, so_far.total);
    return !interrupted();
  };
  AltiFidelity found = alti_fidelity(subject, scores, options, progress);
  bar.hide();
  if (interrupted()) return;
  std::cerr << "ascribo: " << found.comparison.texts << " texts of " << folder.string() << ", "
            << found.too_long << " too long, " << failures.count() << " not used\n";
  if (found.comparison.texts == 0) {
    fail(Code::kBadFile, "reproduce", "no text of " + folder.string() + " could be used",
         "expected at least one");
  }
  found.comparison.data = folder.string();
  write_fidelity(arguments, found, options.bins ? "share of tokens" : "tokens", suffix);
}

}  // namespace

int reproduce_command(const Words& words) {
  const CommandLine line = reproduce_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments, line.command);
  const std::vector<std::string>& asked = arguments.positionals;
  const bool known =
      asked.size() == 2 && asked[0] == "alti" && (asked[1] == "attributions" || asked[1] == "aupc");
  if (!known) {
    fail(Code::kInvalidArgument, line.command,
         asked.empty() ? "no study is named" : "there is no study of that name",
         "expected alti attributions or alti aupc");
  }
  const AltiTask task = task_of(arguments);
  const std::vector<std::string> models = split_at_commas(arguments.get_or("model", "bert"));
  const auto checkpoints =
      alti_checkpoints(needed(arguments, "models_dir", "the folder of checkpoints"), models, task);
  std::vector<AltiRow> rows;
  if (asked[1] == "attributions") {
    rows = alti_rows(
        task, needed(arguments, "data", "the file with the texts"),
        read_count(arguments, line.command, "samples"),
        static_cast<std::uint64_t>(read_count(arguments, line.command, "seed").value_or(10)));
  }
  for (std::size_t i = 0; i < models.size(); ++i) {
    const std::filesystem::path folder =
        std::filesystem::path(arguments.get_or("out", "alti-study")) /
        (models[i] + "-" + arguments.get_or("task", "sst2"));
    if (asked[1] == "attributions") {
      save_scores(arguments, checkpoints[i], folder, rows);
    } else {
      judge_scores(arguments, checkpoints[i], folder, models.size() > 1 ? "-" + models[i] : "");
    }
    if (interrupted()) return interrupt_exit_code();
  }
  return kExitOk;
}

}  // namespace ascribo::cli

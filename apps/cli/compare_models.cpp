// SPDX-License-Identifier: MIT
// `ascribo compare-models`: whether checkpoints of one task are explained alike.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "command.h"
#include "evaluating.h"
#include "help.h"
#include "interrupt.h"
#include "method_flags.h"
#include "standard_output.h"
#include "terminal.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo compare-models seed-1 seed-2 seed-3 --method alti --input dev.tsv --layout sst2
  # units that do not depend on the tokenizer, and every unit's spread as JSON
  ascribo compare-models bert roberta --unit text_word --input dev.tsv --limit 50 --json

Ranks and overlaps are of magnitudes. Each model's scores are divided by the sum of their magnitudes
in the text before their spread is taken.
)";

CommandLine compare_models_flags() {
  CommandLine line;
  line.command = "compare-models";
  line.usage = "MODEL MODEL...  --input FILE  [flags]";
  line.summary =
      "Explains the same texts by several checkpoints of one task: rank correlation, the share of "
      "the strongest units that two have in common, and how far each unit's score spreads.";
  line.positional = "MODEL";
  line.groups = {{"what is asked",
                  {value_flag("method", "NAME", "by which method", "alti"),
                   value_flag("top", "N", "strongest units whose overlap is taken", "5"),
                   value_flag("target", "TARGET",
                              "what is explained, as `ascribo explain` takes it", "predicted")}},
                 metric_input_flags(),
                 {"options of every method", {}}};
  for (OptionInfo& option : request_options()) line.groups[2].flags.push_back({option, "", false});
  for (FlagGroup& group : method_flags()) line.groups.push_back(std::move(group));
  line.groups.push_back({"what is written",
                         {switch_flag("json", "JSON on standard output, every text and unit"),
                          switch_flag("table", "the table, also into a file or pipe"),
                          threads_flag(), switch_flag("help", "this text")}});
  line.examples = kExamples;
  return line;
}

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

/// Its first words, on one line.
std::string beginning_of(std::string text) {
  constexpr std::size_t kRoom = 60;
  std::replace(text.begin(), text.end(), '\n', ' ');
  const std::size_t space = text.size() > kRoom ? text.rfind(' ', kRoom) : std::string::npos;
  return space == std::string::npos ? text : text.substr(0, space) + " ...";
}

/// The units whose share differs most between the models, each with the text it stands in.
std::string widest_units(const ModelAgreement& agreement) {
  std::vector<std::pair<const UnitSpread*, const TextAgreement*>> units;
  for (const TextAgreement& text : agreement.texts) {
    for (const UnitSpread& unit : text.units) units.emplace_back(&unit, &text);
  }
  std::stable_sort(units.begin(), units.end(), [](const auto& a, const auto& b) {
    return a.first->deviation > b.first->deviation;
  });
  units.resize(std::min(units.size(), static_cast<std::size_t>(agreement.top)));
  std::size_t width = 0;
  for (const auto& [unit, text] : units) width = std::max(width, unit->text.size());
  std::string lines = "widest, as mean \u00b1deviation of the share:\n";
  for (const auto& [unit, text] : units) {
    lines += "  " + padded(unit->text, width) + "  " +
             padded(decimal(unit->mean) + " \u00b1" + decimal(unit->deviation), 17) +
             beginning_of(text->text) + "\n";
  }
  return lines;
}

std::string agreement_text(const ModelAgreement& agreement) {
  std::string text = std::to_string(agreement.texts.size()) + " texts, " +
                     std::to_string(agreement.skipped) + " left out; all models say the same of " +
                     std::to_string(agreement.same_target) + "\n\n";
  std::vector<std::string> names{"models"};
  for (const ModelPair& pair : agreement.pairs) {
    names.push_back(agreement.models[pair.first] + ", " + agreement.models[pair.second]);
  }
  std::size_t width = 0;
  for (const std::string& name : names) width = std::max(width, name.size());
  text += padded(names[0], width) + "  rank correlation  top " + std::to_string(agreement.top) +
          " in common\n";
  for (std::size_t i = 0; i < agreement.pairs.size(); ++i) {
    const ModelPair& pair = agreement.pairs[i];
    text += padded(names[i + 1], width) + "  " +
            padded(decimal(pair.rank.mean) + " \u00b1" + decimal(pair.rank.standard_error), 19) +
            decimal(pair.overlap.mean) + " \u00b1" + decimal(pair.overlap.standard_error) + "\n";
  }
  return text + "\nspread of a unit's share over the models: " + decimal(agreement.spread.mean) +
         " \u00b1" + decimal(agreement.spread.standard_error) + "\n" + widest_units(agreement);
}

void write_cell(JsonWriter& json, const char* name, const ComparisonCell& cell) {
  json.key(name).begin_object().key("mean").value(cell.mean);
  json.key("standard_error").value(cell.standard_error);
  json.key("low").value(cell.low).key("high").value(cell.high).end_object();
}

void write_text(JsonWriter& json, const TextAgreement& text) {
  json.begin_object().key("text").value(text.text).key("targets").begin_array();
  for (const std::string& target : text.targets) json.value(target);
  json.end_array().key("rank").begin_array();
  for (const double rank : text.rank) json.value(rank);
  json.end_array().key("overlap").begin_array();
  for (const double overlap : text.overlap) json.value(overlap);
  json.end_array().key("units").begin_array();
  for (const UnitSpread& unit : text.units) {
    json.begin_object().key("text").value(unit.text).key("mean").value(unit.mean);
    json.key("deviation").value(unit.deviation).end_object();
  }
  json.end_array().end_object();
}

std::string agreement_json(const ModelAgreement& agreement) {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.agreement/1").key("models").begin_array();
  for (const std::string& model : agreement.models) json.value(model);
  json.end_array().key("method").value(agreement.method).key("top").value(agreement.top);
  json.key("skipped").value(agreement.skipped).key("same_target").value(agreement.same_target);
  json.key("pairs").begin_array();
  for (const ModelPair& pair : agreement.pairs) {
    json.begin_object().key("first").value(static_cast<std::int64_t>(pair.first));
    json.key("second").value(static_cast<std::int64_t>(pair.second));
    write_cell(json, "rank", pair.rank);
    write_cell(json, "overlap", pair.overlap);
    json.end_object();
  }
  json.end_array();
  write_cell(json, "spread", agreement.spread);
  json.key("texts").begin_array();
  for (const TextAgreement& text : agreement.texts) write_text(json, text);
  json.end_array().end_object();
  return json.str() + "\n";
}

ModelAgreement run(const Arguments& arguments, const std::vector<Subject>& subjects) {
  Arguments texts = arguments;
  texts.positionals.clear();
  std::string data;
  const std::unique_ptr<InputSource> inputs =
      open_texts(texts, "compare-models", subjects.front(), data);
  std::vector<const Subject*> all;
  for (const Subject& subject : subjects) all.push_back(&subject);
  TextFailures failures(arguments.on("strict"));
  ProgressBar bar("texts");
  std::string place;
  AgreementStream stream;
  stream.next = [&]() -> std::optional<Input> {
    if (interrupted()) return std::nullopt;
    std::optional<Input> input = inputs->next();
    place = inputs->where();
    return input;
  };
  stream.failed = [&](std::int64_t, const std::exception& error) {
    return failures.go_on(place, error, bar);
  };
  stream.progress = [&](const Progress& progress) {
    bar.update(progress.done, progress.total);
    return true;
  };
  stream.total = inputs->size_hint();
  ModelAgreement agreement =
      compare_models(all, stream, read_evaluation_request(arguments, "alti"),
                     read_count(arguments, "compare-models", "top").value_or(5));
  bar.hide();
  return agreement;
}

}  // namespace

int compare_models_command(const Words& words) {
  const CommandLine line = compare_models_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  use_threads(arguments, line.command);
  if (!arguments.has("input")) {
    fail(Code::kInvalidArgument, line.command, "no --input is given", "expected a file of texts");
  }
  std::vector<Subject> subjects;
  for (const std::string& model : arguments.positionals) {
    subjects.push_back(Subject::open(find_model(model)));
  }
  const ModelAgreement agreement = run(arguments, subjects);
  if (interrupted()) return interrupt_exit_code();
  if (agreement.texts.empty()) {
    fail(Code::kBadFile, line.command, "no text could be used", "expected at least one");
  }
  const bool json = arguments.on("json") || !is_terminal(STDOUT_FILENO);
  print(json && !arguments.on("table") ? agreement_json(agreement) : agreement_text(agreement));
  return kExitOk;
}

}  // namespace ascribo::cli

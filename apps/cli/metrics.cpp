// SPDX-License-Identifier: MIT
// `ascribo metrics`: what explanations can be judged by, and what each metric says of itself.
#include <unistd.h>

#include "catalogue.h"
#include "command.h"
#include "flags.h"
#include "help.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo metrics
  ascribo metrics deletion
  ascribo metrics --json
)";

CommandLine metrics_flags() {
  CommandLine line;
  line.command = "metrics";
  line.usage = "[NAME] [--json]";
  line.summary =
      "Lists the metrics, or says of one what it computes, which values are good, what it needs "
      "and "
      "which options it has.";
  line.positional = "NAME";
  line.groups = {{"flags", {switch_flag("json", "everything, for programs")}}};
  line.examples = kExamples;
  return line;
}

std::string_view direction_name(Direction direction) {
  switch (direction) {
    case Direction::kHigher: return "higher";
    case Direction::kLower: return "lower";
    case Direction::kNeither: break;
  }
  return "neither";
}

void write_metric(JsonWriter& json, const Metric& metric) {
  json.begin_object().key("name").value(metric.name).key("summary").value(metric.summary);
  json.key("formula").value(metric.formula).key("paper").value(metric.paper);
  json.key("direction").value(direction_name(metric.direction)).key("range").value(metric.range);
  json.key("needs").value(metric.needs).key("cost").value(metric.cost);
  json.key("ranks").value(metric.ranks).key("curve").value(metric.curve);
  json.key("recipes").begin_array();
  for (const Recipe& recipe : metric.recipes ? metric.recipes() : std::vector<Recipe>()) {
    json.begin_object().key("library").value(recipe.library);
    json.key("note").value(recipe.note).end_object();
  }
  json.end_array().key("options").begin_array();
  for (const OptionInfo& option : metric.options()) {
    json.begin_object().key("name").value(option.name).key("type").value(option.type);
    json.key("choices").begin_array();
    for (const std::string& choice : option.choices) json.value(choice);
    json.end_array().key("default").value(option.default_value);
    json.key("help").value(option.help).end_object();
  }
  json.end_array().end_object();
}

std::string all_json() {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.metrics/1").key("metrics").begin_array();
  for (const Metric* metric : metrics()) write_metric(json, *metric);
  json.end_array().end_object();
  return json.str() + "\n";
}

std::string all_text(int width) {
  std::vector<CatalogueEntry> entries;
  for (const Metric* metric : metrics()) entries.emplace_back(metric->name, metric->summary);
  return catalogue_text(entries, width) + "\n`ascribo metrics NAME` says more of one.\n";
}

std::string one_text(const Metric& metric, int width) {
  std::string text = std::string(metric.name) + "\n" + wrapped(metric.summary, 0, width) + "\n";
  append_field(text, "formula", metric.formula, width);
  append_field(text, "paper", metric.paper, width);
  append_field(text, "better", direction_name(metric.direction), width);
  append_field(text, "range", metric.range, width);
  append_field(text, "needs", metric.needs, width);
  append_field(text, "cost", metric.cost, width);
  for (const OptionInfo& option : metric.options()) {
    std::string values = listed(option.choices, "or");
    if (!option.default_value.empty()) {
      values += (values.empty() ? "" : "; ") + ("default " + option.default_value);
    }
    text += "\n  " + option.name + "\n" +
            wrapped(option.help + (values.empty() ? "" : " (" + values + ")"), 14, width);
  }
  return text;
}

}  // namespace

int metrics_command(const Words& words) {
  const CommandLine line = metrics_flags();
  const Arguments arguments = parse(line, words);
  const int width = terminal_width(STDOUT_FILENO);
  if (arguments.help) {
    print(help_text(line, width));
    return kExitOk;
  }
  if (arguments.positionals.size() > 1) {
    fail(Code::kInvalidArgument, "metrics", "more than one name is given",
         "expected the name of one metric or none");
  }
  if (arguments.positionals.empty()) {
    print(arguments.on("json") ? all_json() : all_text(width));
    return kExitOk;
  }
  const Metric& metric = find_metric(arguments.positionals.front());
  if (arguments.on("json")) {
    JsonWriter json;
    write_metric(json, metric);
    print(json.str() + "\n");
  } else {
    print(one_text(metric, width));
  }
  return kExitOk;
}

}  // namespace ascribo::cli

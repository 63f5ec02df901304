// SPDX-License-Identifier: MIT
// `ascribo metrics`: what explanations can be judged by, and what each metric says of itself.
#include "catalogue.h"
#include "command.h"
#include "flags.h"
#include "help.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo metrics
  ascribo metrics deletion
  ascribo metrics --json
)";

constexpr const char* kSummary =
    "Lists the metrics, or says of one what it computes, which values are good, what it needs and "
    "which options it has.";

void write_metric(JsonWriter& json, const Metric& metric) {
  json.begin_object().key("name").value(metric.name).key("summary").value(metric.summary);
  json.key("formula").value(metric.formula).key("paper").value(metric.paper);
  json.key("direction").value(enum_name(metric.direction)).key("range").value(metric.range);
  json.key("needs").value(metric.needs).key("cost").value(metric.cost);
  json.key("ranks").value(metric.ranks).key("curve").value(metric.curve);
  write_recipes(json, metric.recipes ? metric.recipes() : std::vector<Recipe>());
  write_options(json, "options", metric.options());
  json.end_object();
}

std::string all_json() {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.metrics/1").key("metrics").begin_array();
  for (const Metric* metric : metrics()) write_metric(json, *metric);
  json.end_array().end_object();
  return json.str() + "\n";
}

std::vector<CatalogueEntry> all() {
  std::vector<CatalogueEntry> entries;
  for (const Metric* metric : metrics()) entries.emplace_back(metric->name, metric->summary);
  return entries;
}

std::string one_json(std::string_view name) {
  JsonWriter json;
  write_metric(json, find_metric(name));
  return json.str() + "\n";
}

std::string one_text(std::string_view name, int width) {
  const Metric& metric = find_metric(name);
  std::string text = std::string(metric.name) + "\n" + wrapped(metric.summary, 0, width) + "\n";
  append_field(text, "formula", metric.formula, width);
  append_field(text, "paper", metric.paper, width);
  append_field(text, "better", enum_name(metric.direction), width);
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
  return run_catalogue(
      {"metrics", kSummary, kExamples, "metric", all_json, all, one_json, one_text}, words);
}

}  // namespace ascribo::cli

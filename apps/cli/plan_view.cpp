// SPDX-License-Identifier: MIT
// Lays plans out.
#include "plan_view.h"

#include <algorithm>
#include <array>

#include "help.h"
#include "numbers.h"

namespace ascribo::cli {
namespace {

using Row = std::array<std::string, 6>;

std::string count_text(std::int64_t number, const char* what) {
  return grouped(number) + " " + what + (number == 1 ? "" : "s");
}

std::string table(const std::vector<MethodPlan>& methods) {
  std::vector<Row> rows = {
      {"", "forwards", "backwards", "forward tokens", "backward tokens", "about"}};
  for (const MethodPlan& each : methods) {
    const std::string most = each.at_most ? "<= " : "";
    rows.push_back({each.method, most + grouped(each.forwards), most + grouped(each.backwards),
                    most + grouped(each.cost.forward_tokens),
                    most + grouped(each.cost.backward_tokens),
                    most + time_text(each.cost.seconds)});
  }
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    text += "  " + row[0] + std::string(widths[0] - row[0].size(), ' ');
    for (std::size_t i = 1; i < row.size(); ++i) {
      text += "  " + std::string(widths[i] - row[i].size(), ' ') + row[i];
    }
    text += "\n";
  }
  return text;
}

std::string memory_text(const MemoryPlan& memory) {
  return "memory: about " + bytes_text(memory.weights + memory.packed + memory.batches) + " (" +
         bytes_text(memory.weights) + " of the checkpoint, mapped; " + bytes_text(memory.packed) +
         " of packed weights; " + bytes_text(memory.batches) +
         " for what runs at once, see --batch-tokens)";
}

void write_methods(JsonWriter& json, const std::vector<MethodPlan>& methods) {
  json.begin_array();
  for (const MethodPlan& each : methods) {
    json.begin_object().key("method").value(each.method);
    json.key("forwards").value(each.forwards).key("backwards").value(each.backwards);
    json.key("forward_tokens").value(each.cost.forward_tokens);
    json.key("backward_tokens").value(each.cost.backward_tokens);
    json.key("seconds").value(each.cost.seconds).key("at_most").value(each.at_most);
    json.end_object();
  }
  json.end_array();
}

void write_optional(JsonWriter& json, const char* key, const std::optional<std::string>& text) {
  json.key(key);
  if (text) {
    json.value(*text);
  } else {
    json.null();
  }
}

}  // namespace

std::string plan_text(const Plan& plan, int width) {
  std::string text;
  for (const TextPlan& each : plan.texts) {
    text += wrapped("\"" + each.input.text + "\"", 0, width);
    text += count_text(each.tokens, "token") + ", " + count_text(each.units, "unit") + ", " +
            count_text(each.targets, "target") + "\n" + table(each.methods) + "\n";
  }
  if (plan.texts.size() > 1) {
    text += "all " + count_text(static_cast<std::int64_t>(plan.texts.size()), "text") + "\n" +
            table(plan.total) + "\n";
  }
  text += wrapped(memory_text(plan.memory), 0, width);
  const bool at_most = std::any_of(plan.total.begin(), plan.total.end(),
                                   [](const MethodPlan& each) { return each.at_most; });
  return text + wrapped(std::string("Counts are exact; time and memory are estimates from a few "
                                    "runs of a text.") +
                            (at_most ? " <= marks what depends on what the model answers: as many "
                                       "points or samples as there may be, mostly far fewer run."
                                     : ""),
                        0, width);
}

std::string plan_json(const Plan& plan) {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.plan/1").key("texts").begin_array();
  for (const TextPlan& each : plan.texts) {
    json.begin_object().key("text").value(each.input.text);
    write_optional(json, "pair", each.input.pair);
    write_optional(json, "id", each.input.id);
    json.key("tokens").value(each.tokens).key("units").value(each.units);
    json.key("targets").value(each.targets).key("methods");
    write_methods(json, each.methods);
    json.end_object();
  }
  json.end_array().key("total");
  write_methods(json, plan.total);
  json.key("memory").begin_object().key("weights").value(plan.memory.weights);
  json.key("packed").value(plan.memory.packed).key("batches").value(plan.memory.batches);
  json.end_object().end_object();
  return json.str() + "\n";
}

}  // namespace ascribo::cli

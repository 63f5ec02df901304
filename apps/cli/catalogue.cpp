// SPDX-License-Identifier: MIT
// Puts names in one column and wraps what is said of them in another.
#include "catalogue.h"

#include <unistd.h>

#include <algorithm>

#include "flags.h"
#include "help.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {

std::string catalogue_text(const std::vector<CatalogueEntry>& entries, int width) {
  std::size_t widest = 0;
  for (const auto& [name, summary] : entries) widest = std::max(widest, name.size());
  const int indent = static_cast<int>(widest) + 2;
  std::string text;
  for (const auto& [name, summary] : entries) {
    text += std::string(name) + wrapped(summary, indent, width).substr(name.size());
  }
  return text;
}

void append_field(std::string& text, std::string_view name, std::string_view value, int width) {
  if (value.empty()) return;
  constexpr int kIndent = 14;
  text += std::string(name) + wrapped(value, kIndent, width).substr(name.size());
}

void write_options(JsonWriter& json, std::string_view key, const std::vector<OptionInfo>& options) {
  json.key(key).begin_array();
  for (const OptionInfo& option : options) {
    json.begin_object().key("name").value(option.name).key("type").value(option.type);
    json.key("choices").begin_array();
    for (const std::string& choice : option.choices) json.value(choice);
    json.end_array().key("default").value(option.default_value);
    json.key("help").value(option.help).key("repeatable").value(option.repeatable).end_object();
  }
  json.end_array();
}

void write_recipes(JsonWriter& json, const std::vector<Recipe>& recipes) {
  json.key("recipes").begin_array();
  for (const Recipe& recipe : recipes) {
    json.begin_object().key("library").value(recipe.library);
    json.key("note").value(recipe.note).end_object();
  }
  json.end_array();
}

int run_catalogue(const Catalogue& catalogue, const Words& words) {
  CommandLine line;
  line.command = catalogue.command;
  line.usage = "[NAME] [--json]";
  line.summary = catalogue.summary;
  line.positional = "NAME";
  line.groups = {{"flags", {switch_flag("json", "everything, for programs")}}};
  line.examples = catalogue.examples;
  const Arguments arguments = parse(line, words);
  const int width = terminal_width(STDOUT_FILENO);
  if (arguments.help) {
    print(help_text(line, width));
    return kExitOk;
  }
  const bool json = arguments.on("json");
  if (arguments.positionals.size() > 1) {
    fail(Code::kInvalidArgument, line.command, "more than one name is given",
         "expected the name of one " + std::string(catalogue.entry) + " or none");
  }
  if (!arguments.positionals.empty()) {
    const std::string& name = arguments.positionals.front();
    print(json ? catalogue.one_json(name) : catalogue.one_text(name, width));
  } else if (json) {
    print(catalogue.all_json());
  } else {
    print(catalogue_text(catalogue.all(), width) + "\n`ascribo " + line.command +
          " NAME` says more of one.\n");
  }
  return kExitOk;
}

}  // namespace ascribo::cli

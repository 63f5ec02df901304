// SPDX-License-Identifier: MIT
// `ascribo methods`: what there is to choose from, and what each method declares about itself.
#include "catalogue.h"
#include "command.h"
#include "flags.h"
#include "help.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo methods
  ascribo methods integrated_gradients
  ascribo methods --json
)";

constexpr const char* kSummary =
    "Lists the methods, or says of one what it computes, where it comes from, what it costs and "
    "which options it has.";

std::string_view scope_text(Scope scope) {
  switch (scope) {
    case Scope::kAnyModel: return "";
    case Scope::kTransformer: return "any with attention layers";
    case Scope::kPostNorm: return "those whose layers end with a norm, as BERT's";
    case Scope::kPreNorm:
      return "those whose layers begin with a norm, as GPT-2's, and whose head is linear";
  }
  return "";
}

std::vector<Recipe> recipes_of(const Method& method) {
  return method.recipes ? method.recipes() : std::vector<Recipe>();
}

void write_method(JsonWriter& json, const Method& method) {
  json.begin_object();
  json.key("name").value(method.name).key("family").value(enum_name(method.family));
  json.key("summary").value(method.summary).key("formula").value(method.formula);
  json.key("paper").value(method.paper).key("cost").value(method.cost);
  json.key("completeness").value(method.completeness);
  json.key("exact_on_linear").value(method.exact_on_linear);
  json.key("has_baseline").value(method.has_baseline);
  json.key("is_signed").value(method.is_signed).key("is_sampled").value(method.is_sampled);
  json.key("takes_masks").value(method.takes_masks);
  json.key("models").value(scope_text(method.scope)).key("tables").value(method.tables);
  write_recipes(json, recipes_of(method));
  write_options(json, "options", method.options());
  json.end_object();
}

std::string all_json() {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.methods/1").key("methods").begin_array();
  for (const Method* method : methods()) write_method(json, *method);
  json.end_array();
  write_options(json, "request_options", request_options());
  json.end_object();
  return json.str() + "\n";
}

std::vector<CatalogueEntry> all() {
  std::vector<CatalogueEntry> entries;
  for (const Method* method : methods()) entries.emplace_back(method->name, method->summary);
  return entries;
}

std::string one_json(std::string_view name) {
  JsonWriter json;
  write_method(json, find_method(name));
  return json.str() + "\n";
}

std::string one_text(std::string_view name, int width) {
  const Method& method = find_method(name);
  std::string text = std::string(method.name) + "\n" + wrapped(method.summary, 0, width) + "\n";
  append_field(text, "formula", method.formula, width);
  append_field(text, "paper", method.paper, width);
  append_field(text, "family", enum_name(method.family), width);
  append_field(text, "cost", method.cost, width);
  append_field(text, "complete",
               method.completeness
                   ? "yes: scores and what special tokens received add up to the change of the "
                     "model's score from the baseline"
                   : "no",
               width);
  append_field(text, "exact", method.exact_on_linear ? "on models linear in the embeddings" : "",
               width);
  append_field(text, "baseline", method.has_baseline ? "yes, see --baseline" : "none", width);
  append_field(text, "errors", method.is_sampled ? "a standard error for every score" : "", width);
  append_field(text, "signs", method.is_signed ? "" : "none: scores tell only how much", width);
  append_field(text, "models", scope_text(method.scope), width);
  append_field(text, "layers", method.tables, width);
  for (const Recipe& recipe : recipes_of(method)) {
    const std::string note(recipe.note);
    append_field(text, "recipe", note.empty() ? "compat " + std::string(recipe.library) : note,
                 width);
  }
  FlagGroup group{"options", {}};
  for (OptionInfo& option : method.options()) group.flags.push_back({option, "", false});
  return text + group_text(group, width);
}

}  // namespace

int methods_command(const Words& words) {
  return run_catalogue(
      {"methods", kSummary, kExamples, "method", all_json, all, one_json, one_text}, words);
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Declares the shared options and sorts a request's options into shared and the method's own.
#include "ascribo/explain/settings.h"

#include <algorithm>
#include <vector>

#include "ascribo/base/commas.h"
#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/option_set.h"
#include "ascribo/ops/linear.h"

namespace ascribo {
namespace {

const OptionSet<Settings>& shared_options() {
  static const OptionSet<Settings> set =
      OptionSet<Settings>()
          .add(
              "versus", &Settings::versus,
              "explain the difference from this target: predicted, a label, #INDEX, or what else a "
              "target may be")
          .add("score", &Settings::score, "the number that is explained")
          .add("unit", &Settings::unit, "what gets a score")
          .add("special", &Settings::special,
               "what special tokens received: reported together, kept as units, or left out")
          .add("normalize", &Settings::normalize, "how scores are scaled for display")
          .add("sort", &Settings::sort, "list units by score")
          .add("truncate", &Settings::truncate,
               "cut texts that are longer than the model's positions instead of refusing them")
          .add("window", &Settings::window,
               "explain texts of more than this many tokens, special tokens included, in "
               "overlapping windows, whose mean is the score, or each token's best one")
          .check([](std::int64_t tokens) { return tokens >= 1; }, "expected at least 1")
          .add("stride", &Settings::stride,
               "tokens from the beginning of a window to that of the next; by default half of what "
               "a "
               "window holds of the text")
          .check([](std::int64_t tokens) { return tokens >= 1; }, "expected at least 1")
          .add("batch_tokens", &Settings::batch_tokens,
               "tokens that run at once, twice as many by default in bf16; bounds memory, changes "
               "no "
               "result")
          .check([](std::int64_t tokens) { return tokens >= 1; }, "expected at least 1")
          .add(
              "precision", &Settings::precision,
              "how products with weights are computed: bf16 rounds their factors, is several times "
              "faster on CPUs that multiply it, and says how far it is off; bf16x3 splits every "
              "factor in two, with errors near 1e-5; auto is bf16x3 where the CPU has AMX, else "
              "fp32")
          .add("spot_check", &Settings::spot_check,
               "of every how many texts all scores are compared with fp32; 0: of none; by default "
               "of every 100th, or of fewer than 10 texts the scores of the texts alone")
          .check([](std::int64_t texts) { return texts >= 0; }, "expected at least 0")
          .add("seed", &Settings::seed, "seed of random draws")
          .add("target_unit", &Settings::target_unit,
               "what is explained of a continuation: each token, each unit, or all of it; the "
               "scores of several tokens add up")
          .add("attribute", &Settings::attribute,
               "what gets scores where there is a continuation: all tokens before the target, or "
               "those of the prompt alone, what was written staying as it is")
          .add("values", &Settings::values, "keep one value per token and dimension")
          .add("keep_masks", &Settings::keep_masks, "keep the masks that a sampled method drew")
          .add("compat", &Settings::compat,
               "follow another library's recipe and defaults, as far as nothing else is asked for; "
               "see each method's page");
  return set;
}

bool has_option(const Method& method, const std::string& name) {
  const std::vector<OptionInfo> options = method.options();
  return std::any_of(options.begin(), options.end(),
                     [&](const OptionInfo& option) { return option.name == name; });
}

std::string name_list(const std::vector<const Method*>& chosen) {
  std::vector<std::string> names;
  for (const Method* method : chosen) names.emplace_back(method->name);
  return listed(names, "or");
}

[[noreturn]] void fail_unknown(const std::string& name, const std::vector<const Method*>& chosen) {
  std::vector<std::string> known = shared_options().names(), others;
  for (const Method* method : chosen) {
    for (const OptionInfo& option : method->options()) {
      if (std::find(known.begin(), known.end(), option.name) == known.end()) {
        known.push_back(option.name);
      }
    }
  }
  for (const Method* other : methods()) {
    if (has_option(*other, name)) others.emplace_back(other->name);
  }
  const std::string hint = others.empty()
                               ? nearest_hint(name, known)
                               : "it is an option of " + listed(others) + "; use --method";
  fail(Code::kUnknownName, "options", "\"" + name + "\" is not an option of " + name_list(chosen),
       "expected " + listed(known, "or"), hint);
}

void check_options(const Request& request, const std::vector<const Method*>& chosen) {
  for (const auto& option : request.options) {
    const std::string& name = option.first;
    const bool known = shared_options().has(name) ||
                       std::any_of(chosen.begin(), chosen.end(),
                                   [&](const Method* method) { return has_option(*method, name); });
    if (!known) fail_unknown(name, chosen);
  }
}

std::vector<const Method*> chosen_methods(const std::string& names) {
  std::vector<const Method*> chosen;
  for (const std::string& part : split_at_commas(names)) {
    std::string_view name = part;
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const Method& method = find_method(name);
    if (std::find(chosen.begin(), chosen.end(), &method) != chosen.end()) {
      fail(Code::kInvalidArgument, "method", "\"" + std::string(name) + "\" is named twice",
           "expected every method once");
    }
    chosen.push_back(&method);
  }
  return chosen;
}

// Which methods follow a library.
std::string methods_like(std::string_view library) {
  std::vector<std::string> names;
  for (const Method* method : methods()) {
    if (!method->recipes) continue;
    for (const Recipe& recipe : method->recipes()) {
      if (recipe.library == library) names.emplace_back(method->name);
    }
  }
  if (names.empty()) return "no method has a recipe of " + std::string(library) + " yet";
  return std::string(library) + " has recipes for " + listed(names);
}

std::optional<Recipe> find_recipe(const Method& method, std::optional<Peer> peer) {
  if (!peer) return std::nullopt;
  const std::vector<Recipe> recipes = method.recipes ? method.recipes() : std::vector<Recipe>();
  std::vector<std::string> known;
  for (const Recipe& recipe : recipes) {
    if (recipe.library == enum_name(*peer)) return recipe;
    known.emplace_back(recipe.library);
  }
  fail(
      Code::kUnsupported, "compat",
      "there is no recipe of " + std::string(enum_name(*peer)) + " for " + std::string(method.name),
      known.empty() ? "expected a method that has recipes" : "expected " + listed(known, "or"),
      methods_like(enum_name(*peer)));
}

MethodRequest read_one(const Request& request, const Method& method, HeadKind head) {
  OptionValues shared, own;
  for (const auto& [name, value] : request.options) {
    if (shared_options().has(name)) {
      shared.emplace(name, value);
    } else if (has_option(method, name)) {
      own.emplace(name, value);
    }
  }
  const Settings given = shared_options().parse("options", shared);
  const bool writes = head == HeadKind::kCausalLanguageModel;
  const std::optional<Recipe> recipe = find_recipe(method, given.compat);
  if (recipe) {
    for (const auto& [name, value] : recipe->options) {
      (shared_options().has(name) ? shared : own).emplace(name, value);  // unless it is there
    }
  }
  if (method.only_logits) shared.emplace("score", enum_name(ScoreKind::kLogit));
  if (writes) shared.emplace("score", enum_name(ScoreKind::kLogProbability));
  if (writes && has_option(method, "baseline")) own.emplace("baseline", "zero");
  Settings settings = shared_options().parse("options", shared);
  if (method.only_logits && settings.score != ScoreKind::kLogit) {
    fail(Code::kUnsupported, "score",
         "\"" + std::string(enum_name(settings.score)) + "\" was given for " +
             std::string(method.name),
         "expected logit: its shares add up to nothing else");
  }
  if (settings.precision == Precision::kAuto) {
    settings.precision =
        method.tables.empty() ? ops::available_precision(Precision::kAuto) : Precision::kFp32;
  }
  if (settings.precision != Precision::kFp32 && !method.tables.empty()) {
    fail(Code::kUnsupported, "precision",
         "\"" + std::string(enum_name(settings.precision)) + "\" was given for " +
             std::string(method.name),
         "expected fp32: the parts of a layer have to add up to it");
  }
  // Weights, which no cache holds, are read half as often for values of which half are in bf16.
  if (settings.precision == Precision::kBf16 && !shared.contains("batch_tokens")) {
    settings.batch_tokens *= 2;
  }
  settings.unit_given = request.options.contains("unit");  // by the user, not by a recipe
  return {&method, settings, own, recipe};
}

}  // namespace

std::vector<OptionInfo> request_options() { return shared_options().describe(); }

std::vector<MethodRequest> read_request(const Request& request, HeadKind head) {
  const std::vector<const Method*> chosen = chosen_methods(request.method);
  check_options(request, chosen);
  std::vector<MethodRequest> requests;
  for (const Method* method : chosen) requests.push_back(read_one(request, *method, head));
  return requests;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Declares the shared options and sorts a request's options into shared and the method's own.
#include "ascribo/explain/settings.h"

#include <algorithm>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/option_set.h"

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
               "overlapping "
               "windows, whose mean is the score")
          .check([](std::int64_t tokens) { return tokens >= 1; }, "expected at least 1")
          .add("stride", &Settings::stride,
               "tokens from the beginning of a window to that of the next; by default half of what "
               "a "
               "window holds of the text")
          .check([](std::int64_t tokens) { return tokens >= 1; }, "expected at least 1")
          .add("batch_tokens", &Settings::batch_tokens,
               "tokens that run at once; bounds memory, changes no result")
          .check([](std::int64_t tokens) { return tokens >= 1; }, "expected at least 1")
          .add("seed", &Settings::seed, "seed of random draws")
          .add("values", &Settings::values, "keep one value per token and dimension")
          .add("save_masks", &Settings::save_masks, "keep the masks that a sampled method drew")
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

[[noreturn]] void fail_unknown(const std::string& name, const Method& method) {
  std::vector<std::string> known = shared_options().names(), others;
  for (const OptionInfo& option : method.options()) known.push_back(option.name);
  for (const Method* other : methods()) {
    if (has_option(*other, name)) others.emplace_back(other->name);
  }
  const std::string hint = others.empty()
                               ? nearest_hint(name, known)
                               : "it is an option of " + listed(others) + "; use --method";
  fail(Code::kUnknownName, "options",
       "\"" + name + "\" is not an option of " + std::string(method.name),
       "expected " + listed(known, "or"), hint);
}

}  // namespace

std::vector<OptionInfo> request_options() { return shared_options().describe(); }

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
      known.empty() ? "expected a method that has recipes" : "expected " + listed(known, "or"));
}

std::pair<Settings, OptionValues> read_settings(const Request& request, const Method& method) {
  OptionValues shared, own;
  for (const auto& [name, value] : request.options) {
    if (shared_options().has(name)) {
      shared.emplace(name, value);
    } else if (has_option(method, name)) {
      own.emplace(name, value);
    } else {
      fail_unknown(name, method);
    }
  }
  Settings settings = shared_options().parse("options", shared);
  if (const auto recipe = find_recipe(method, settings.compat)) {
    for (const auto& [name, value] : recipe->options) {
      (shared_options().has(name) ? shared : own).emplace(name, value);  // unless it is there
    }
    settings = shared_options().parse("options", shared);
  }
  return {settings, own};
}

}  // namespace ascribo

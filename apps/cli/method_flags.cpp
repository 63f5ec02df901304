// SPDX-License-Identifier: MIT
// Makes flags from the options that methods declare, and options from the flags given.
#include "method_flags.h"

#include <algorithm>

namespace ascribo::cli {
namespace {

/// One option with all the methods that have it.
struct SharedOption {
  OptionInfo option;
  std::vector<std::string> owners;
  std::vector<std::string> defaults;  ///< one per owner
};

bool contains(const std::vector<OptionInfo>& options, std::string_view name) {
  return std::any_of(options.begin(), options.end(),
                     [&](const OptionInfo& option) { return option.name == name; });
}

std::vector<SharedOption> shared_options() {
  const std::vector<OptionInfo> of_requests = request_options();
  std::vector<SharedOption> shared;
  for (const Method* method : methods()) {
    for (OptionInfo& option : method->options()) {
      if (contains(of_requests, option.name)) continue;
      auto known = std::find_if(shared.begin(), shared.end(), [&](const SharedOption& other) {
        return other.option.name == option.name;
      });
      if (known == shared.end()) known = shared.insert(known, {option, {}, {}});
      known->owners.emplace_back(method->name);
      known->defaults.push_back(option.default_value);
      for (const std::string& choice : option.choices) {
        std::vector<std::string>& choices = known->option.choices;
        if (std::find(choices.begin(), choices.end(), choice) == choices.end()) {
          choices.push_back(choice);
        }
      }
    }
  }
  return shared;
}

/// The default that most owners have; the others are named: "sum; saliency: l2".
std::string default_text(const SharedOption& shared) {
  const auto often = [&](const std::string& value) {
    return std::count(shared.defaults.begin(), shared.defaults.end(), value);
  };
  std::string usual = shared.defaults.front();
  for (const std::string& value : shared.defaults) {
    if (often(value) > often(usual)) usual = value;
  }
  std::string text = usual;
  for (std::size_t i = 0; i < shared.owners.size(); ++i) {
    if (shared.defaults[i] == usual || shared.defaults[i].empty()) continue;
    text += (text.empty() ? "" : "; ") + shared.owners[i] + ": " + shared.defaults[i];
  }
  return text;
}

}  // namespace

std::vector<FlagGroup> method_flags() {
  std::vector<SharedOption> shared = shared_options();
  std::stable_sort(shared.begin(), shared.end(),
                   [](const auto& a, const auto& b) { return a.owners.size() > b.owners.size(); });
  std::vector<FlagGroup> groups;
  for (SharedOption& option : shared) {
    const std::string title = "options of " + listed(option.owners);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const FlagGroup& other) { return other.title == title; });
    if (group == groups.end()) group = groups.insert(group, FlagGroup{title, {}});
    option.option.default_value = default_text(option);
    group->flags.push_back({std::move(option.option), "", false});
  }
  return groups;
}

OptionValues option_values(const Arguments& arguments) {
  OptionValues values;
  const auto take = [&](const OptionInfo& option) {
    const std::vector<std::string> given = arguments.all(option.name);
    if (given.empty()) return;
    std::string text = given.front();
    for (std::size_t i = 1; i < given.size(); ++i) text += kListSeparator + given[i];
    values[option.name] = text;
  };
  for (const OptionInfo& option : request_options()) take(option);
  for (const SharedOption& shared : shared_options()) take(shared.option);
  return values;
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// The table of architectures, generated from the folder.
#include <algorithm>
#include <array>
#include <optional>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/models/architecture.h"

namespace ascribo {

#define X(stem) const Architecture& arch_##stem();
#include "ascribo/models/arch/table.inc"
#undef X

namespace {

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> strings(const std::vector<std::string_view>& names) {
  return {names.begin(), names.end()};
}

[[noreturn]] void unknown(const std::string& field, const std::string& name,
                          const std::vector<std::string_view> Architecture::*names) {
  std::vector<std::string> known;
  for (const Architecture* each : architectures()) {
    for (const std::string_view other : each->*names) known.emplace_back(other);
  }
  fail(Code::kUnknownName, "config.json", field + " \"" + name + "\"",
       "expected " + listed(known, "or"), nearest_hint(name, known));
}

/// The class that config.json names first, or nothing.
std::string config_class(const Json& config) {
  const std::optional<Json> classes = config.find("architectures");
  if (!classes || classes->size() == 0) return {};
  return std::string(classes->at(std::size_t{0}).string());
}

}  // namespace

std::span<const Architecture* const> architectures() {
  static const std::array table{
#define X(stem) &arch_##stem(),
#include "ascribo/models/arch/table.inc"
#undef X
  };
  return table;
}

const Architecture& find_architecture(const Json& config) {
  const std::string type = config.string_or("model_type", "");
  const std::string name = config_class(config);
  for (const Architecture* each : architectures()) {
    if (type.empty() ? !holds(each->architectures, name) : !holds(each->model_types, type)) {
      continue;
    }
    if (!name.empty() && !holds(each->architectures, name)) {
      fail(Code::kUnknownName, "config.json", "architectures names \"" + name + "\"",
           "expected, for model_type \"" + type + "\", " +
               listed(strings(each->architectures), "or"),
           nearest_hint(name, strings(each->architectures)));
    }
    return *each;
  }
  if (!type.empty()) unknown("model_type is", type, &Architecture::model_types);
  if (!name.empty()) unknown("architectures names", name, &Architecture::architectures);
  fail(Code::kBadCheckpoint, "config.json", "it has neither model_type nor architectures",
       "expected the configuration of a model", "is this the folder of a tokenizer?");
}

}  // namespace ascribo

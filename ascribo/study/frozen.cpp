// SPDX-License-Identifier: MIT
// Layers are told by the number in a parameter's name.
#include "ascribo/study/frozen.h"

#include <algorithm>
#include <optional>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/nearest.h"

namespace ascribo {
namespace {

/// The first part of a name that is a number.
std::optional<std::int64_t> layer_of(const std::string& name) {
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string_view part = std::string_view(name).substr(begin, end - begin);
    if (const auto number = parse_integer(part)) return number;
    begin = end + 1;
  }
  return std::nullopt;
}

bool named(const std::string& what, const Parameter& parameter, bool before_layers) {
  if (what == "embeddings") return before_layers;
  constexpr std::string_view kLayer = "layer:";
  if (what.starts_with(kLayer)) {
    const auto number = parse_integer(std::string_view(what).substr(kLayer.size()));
    return number && layer_of(parameter.name) == number;
  }
  return parameter.name.starts_with(what);
}

}  // namespace

std::vector<Parameter*> trained_parameters_of(TrainableModel& model,
                                              const std::vector<std::string>& frozen) {
  std::vector<std::uint8_t> met(frozen.size());
  std::vector<Parameter*> trained;
  std::vector<std::string> names;
  bool before_layers = true;
  for (Parameter& parameter : model.parameters()) {
    before_layers = before_layers && !layer_of(parameter.name);
    names.push_back(parameter.name);
    bool stays = false;
    for (std::size_t i = 0; i < frozen.size(); ++i) {
      if (!named(frozen[i], parameter, before_layers)) continue;
      met[i] = 1;
      stays = true;
    }
    if (!stays) trained.push_back(&parameter);
  }
  for (std::size_t i = 0; i < frozen.size(); ++i) {
    if (met[i] != 0) continue;
    fail(Code::kUnknownName, "train", "nothing is called \"" + frozen[i] + "\" to be frozen",
         "expected embeddings, layer:N or the beginning of a weight's name",
         nearest_hint(frozen[i], names));
  }
  if (trained.empty()) {
    fail(Code::kInvalidArgument, "train", "every weight is frozen",
         "expected some that are left to learn");
  }
  return trained;
}

}  // namespace ascribo

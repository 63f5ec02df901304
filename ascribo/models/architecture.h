// SPDX-License-Identifier: MIT
// What an architecture's file offers, and what it is built from.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/models/model.h"
#include "ascribo/models/weights.h"

namespace ascribo {

/// An opened folder on its way to becoming a model.
struct Checkpoint {
  Json config;
  Weights weights;
  ModelInfo info;  ///< path, architecture, model_type and hash are filled in; build does the rest
};

/// One file of models/arch. `architectures` are class names as config.json has them; the first is
/// assumed where a config names none.
struct Architecture {
  std::string_view name;
  std::string_view prefix;  ///< of the base model's weights: "bert."
  std::vector<std::string_view> model_types;
  std::vector<std::string_view> architectures;
  std::unique_ptr<Model> (*build)(Checkpoint checkpoint);
};

/// Every architecture of models/arch, in alphabetical order.
std::span<const Architecture* const> architectures();

/// The architecture that a config asks for. Older configs lack one of the two fields. kUnknownName,
/// listing the known ones, when there is none.
const Architecture& find_architecture(const Json& config);

}  // namespace ascribo

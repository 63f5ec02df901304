// SPDX-License-Identifier: MIT
// What an architecture's file offers, and what it is built from.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/models/model.h"
#include "ascribo/models/weights.h"

namespace ascribo {

/// An opened folder on its way to becoming a model.
struct Checkpoint {
  Json config;
  Weights weights;
  /// path, architecture, head, model_type and hash are filled in; build does the rest
  ModelInfo info;
};

/// A class name as config.json has it, and the head that such a model has.
struct ModelClass {
  std::string_view name;
  HeadKind kind;
};

/// One file of models/arch. The first of `classes` is assumed where a config names none.
struct Architecture {
  std::string_view name;
  std::string_view prefix;  ///< of the base model's weights: "bert."
  std::vector<std::string_view> model_types;
  std::vector<ModelClass> classes;
  std::unique_ptr<Model> (*build)(Checkpoint checkpoint);
};

/// Every architecture of models/arch, in alphabetical order.
std::span<const Architecture* const> architectures();

/// The architecture that a config asks for, and its class there. Older configs lack one of the two
/// fields. kUnknownName, listing the known ones, when there is none.
std::pair<const Architecture*, const ModelClass*> find_architecture(const Json& config);

}  // namespace ascribo

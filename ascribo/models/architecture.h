// SPDX-License-Identifier: MIT
// What an architecture's file offers, and what it is built from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/models/model.h"
#include "ascribo/models/weights.h"

namespace ascribo {

class WeightFiles;

/// What a head that answers once for a sequence reads of it.
enum class Pooling {
  kFirst,  ///< the first token
  kLast,   ///< the last token
  kMean,   ///< the mean over all tokens that attention may look at
  kMax,    ///< the largest of those tokens, dimension by dimension
};

/// A linear classifier over vectors made of a whole text, in place of the head that the
/// architecture publishes.
struct DocumentHead {
  Pooling pooling = Pooling::kFirst;
  std::vector<std::int64_t> layers;  ///< 0: what enters the first layer; -1: the last's output
  bool layer_mean = false;           ///< several layers are averaged, else put side by side
  std::string out;                   ///< name of the decoder's weights
  std::vector<std::string> labels;
  Problem problem = Problem::kSingleLabel;
};

/// An opened folder on its way to becoming a model.
struct Checkpoint {
  Json config;
  Weights weights;
  /// path, architecture, head, model_type and hash are filled in; build does the rest
  ModelInfo info;
  std::optional<DocumentHead> document = {};
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
/// fields, or both: then the names of the weights tell. kUnknownName, listing the known ones, when
/// there is none.
std::pair<const Architecture*, const ModelClass*> find_architecture(const Json& config,
                                                                    const WeightFiles& files);

/// Errors: kNotFound and kBadCheckpoint unless there is a folder with a config.json.
void check_model_folder(const std::filesystem::path& folder);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// A text classifier in the single file that Flair saves: best-model.pt, final-model.pt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/io/torch_file.h"

namespace ascribo {

/// A linear decoder over what a transformer makes of a whole text. Both layouts are read: plain
/// values (Flair 0.8 and later), and the pickled objects of 0.6 and 0.7.
struct FlairClassifier {
  /// How one vector is made of the tokens' vectors.
  enum class Pooling { kFirst, kLast, kMean, kMax };

  std::shared_ptr<const TorchFile> file;
  Json config = Json::parse("{}", "config");  ///< the transformer's config.json
  std::string transformer;                    ///< its name when it was trained: "xlm-roberta-base"
  std::string prefix;                         ///< of its weights' names: "embeddings.model."
  std::vector<std::string> labels;            ///< in the order of the decoder's outputs
  bool multi_label = false;
  Pooling pooling = Pooling::kFirst;
  std::vector<std::int64_t> layers;  ///< whose outputs are used; -1 is the last
  bool layer_mean = true;            ///< several layers are averaged, else put side by side
  /// The tokenizer's files that it carries; the bytes lie in the mapping.
  std::map<std::string, std::span<const std::byte>, std::less<>> tokenizer;

  /// Errors: those of TorchFile; kUnsupported saying what else Flair (or another program) saved
  /// there; kBadCheckpoint when something is missing.
  static FlairClassifier open(const std::filesystem::path& path);
};

/// Where the tokenizer of a checkpoint is: a folder as it is; a classifier's file if it carries
/// one, else the folder the file is in, or one there with the transformer's name. Errors:
/// kNotFound saying where it looked.
std::filesystem::path tokenizer_source(const std::filesystem::path& path);

/// What Flair's file carries under this name; views live as long as `owner`.
struct CarriedFile {
  std::string_view text;
  std::shared_ptr<const void> owner;
};
std::optional<CarriedFile> find_carried_file(const std::filesystem::path& path,
                                             std::string_view name);

}  // namespace ascribo

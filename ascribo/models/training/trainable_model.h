// SPDX-License-Identifier: MIT
// A checkpoint whose weights may be changed, with the head that a task needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ascribo/models/model.h"
#include "ascribo/models/training/parameter_store.h"

namespace ascribo {

/// What a model shall answer.
struct WantedHead {
  HeadKind kind = HeadKind::kSequenceClassification;
  std::vector<std::string> labels = {};  ///< one per output; of language models and answers none
  Problem problem = Problem::kSingleLabel;
  std::uint64_t seed = 42;  ///< of weights that the checkpoint lacks
};

/// Not safe for concurrent use, except that model() may run forwards while nobody writes.
class TrainableModel {
 public:
  /// Opens a folder as Model::open does and gives it the head that is wanted: the checkpoint's own
  /// where it has one of that size, else a new one. Errors: those of Model::open; kUnsupported for
  /// a head that the architecture does not have.
  static TrainableModel open(const std::filesystem::path& folder, const WantedHead& head,
                             Dtype compute = Dtype::kF32);
  TrainableModel(TrainableModel&&) noexcept;
  ~TrainableModel();

  const Model& model() const { return *model_; }
  std::vector<Parameter>& parameters() { return store_->parameters(); }
  const std::vector<Parameter>& parameters() const { return store_->parameters(); }
  /// Parameters were written to: the model's products follow, those of this precision at once.
  void refresh(Precision precision = Precision::kFp32);

  /// config.json of what this has become.
  const std::string& config() const { return config_; }
  /// Weights of the checkpoint that are left behind: another head's.
  const std::vector<std::string>& dropped() const { return dropped_; }

 private:
  TrainableModel(std::unique_ptr<Model> model, std::shared_ptr<ParameterStore> store,
                 std::string config);

  std::unique_ptr<Model> model_;
  std::shared_ptr<ParameterStore> store_;
  std::string config_;
  std::vector<std::string> dropped_;
};

}  // namespace ascribo

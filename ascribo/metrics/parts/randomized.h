// SPDX-License-Identifier: MIT
// A model that has learnt nothing, or has forgotten some of its layers: the same architecture with
// random weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ascribo/io/weight_files.h"
#include "ascribo/models/model.h"

namespace ascribo {

/// Forgets the checkpoint that `model` was opened from, from the top down: first what is above the
/// layers (head and pooler), then the layers from the last to the first, then what is below them
/// (tables of words and positions). Of what is forgotten every matrix and table, but no bias or
/// norm, is drawn from the normal distribution with that weight's own mean and deviation. The same
/// seed gives the same weights, however many are forgotten.
class Randomized {
 public:
  /// Errors: kUnsupported for a model that was not opened from a folder.
  Randomized(const Model& model, std::uint64_t seed);

  /// How many groups of weights there are: those above, one for each layer, those below.
  std::size_t groups() const { return depths_.size(); }
  /// The model without its first `groups`; one that needs all weights stays open for the next call.
  std::shared_ptr<const Model> open(std::size_t groups);

 private:
  std::shared_ptr<const WeightFiles> weights(std::size_t groups);
  std::shared_ptr<const Model> build(std::shared_ptr<const WeightFiles> files) const;

  ModelInfo info_;
  Dtype compute_;
  std::uint64_t seed_;
  std::shared_ptr<const WeightFiles> files_;
  std::vector<std::size_t> depths_;  // those that have weights, rising
  std::map<std::string, std::shared_ptr<const std::vector<float>>> drawn_;
  std::shared_ptr<const Model> all_;
};

}  // namespace ascribo

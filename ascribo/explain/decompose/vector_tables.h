// SPDX-License-Identifier: MIT
// Methods that measure the vectors tokens give each other, and multiply what they find out.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/explain/decompose/layer_vectors.h"

namespace ascribo {

/// What tells one of these methods from another.
struct VectorTables {
  const Method& method;
  std::vector<std::pair<std::string, OptionValue>> shown;  ///< the options, as the result has them
  RowOptions rows;
  AfterNorm after = AfterNorm::kFirst;
  std::string name;  ///< of the table
  std::function<TokenTable(LayerVectors&)> measured;
};

/// Gives every task the tables `name`, rollout and recomposition_error, and its scores.
void run_vectors(const VectorTables& tables, std::span<Task> tasks, Scorer& scorer);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Layer tables as people look at them: layers by tokens, one layer, and how information flowed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ascribo/explain/explanation.h"
#include "ascribo/render/grid.h"

namespace ascribo {

/// The tables between tokens, `[layers, tokens, tokens]`, that the explanation holds.
std::vector<const LayerTable*> token_tables(const Explanation& explanation);

/// The row of a token table that the first target's scores are: the nearest of any layer.
std::size_t scored_row(const Explanation& explanation);

/// Layers down (the last on top), tokens across: what token `row` receives in each layer.
Grid layer_grid(const Explanation& explanation, const LayerTable& table, std::size_t row);

/// One layer: tokens that receive down, tokens they receive from across.
Grid token_grid(const Explanation& explanation, const LayerTable& table, std::size_t layer);

/// What a stretch of the way through the layers carries.
struct Flow {
  std::size_t layer = 0;         ///< in which it goes
  std::size_t from = 0, to = 0;  ///< tokens
  double weight = 0;             ///< share of all that reaches the row at the end
};

/// How what token `row` holds after the last layer came from the tokens before the first: the
/// share of each stretch, by the contributions of every layer. Weaker ones than `least` times the
/// strongest are left out.
std::vector<Flow> flows(const Explanation& explanation, const LayerTable& table, std::size_t row,
                        double least);

/// The names of all tokens.
std::vector<std::string> token_names(const Explanation& explanation);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Picks rows and layers out of tables; the flow is F_{l-1}(j) = sum_i F_l(i) C_l(i, j), from one
// token back to all.
#include "ascribo/render/layers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ascribo/base/assert.h"
#include "ascribo/render/evidence.h"

namespace ascribo {
namespace {

std::size_t layers_of(const LayerTable& table) { return static_cast<std::size_t>(table.shape[0]); }

const float* row_of(const LayerTable& table, std::size_t layer, std::size_t row) {
  const auto tokens = static_cast<std::size_t>(table.shape[2]);
  return table.data.data() + (layer * tokens + row) * tokens;
}

/// How far the units' sums of one row are from the scores, beside a common factor of one.
double distance(const Explanation& explanation, const float* row) {
  const Attribution& attribution = explanation.attributions[0];
  double sum = 0;
  for (std::size_t unit = 0; unit < explanation.units.size(); ++unit) {
    if (!std::isfinite(attribution.scores[unit])) continue;
    double total = 0;
    for (const std::int64_t token : explanation.units[unit].tokens) total += row[token];
    sum += std::abs(total - static_cast<double>(attribution.scores[unit]));
  }
  return sum;
}

}  // namespace

std::vector<const LayerTable*> token_tables(const Explanation& explanation) {
  std::vector<const LayerTable*> tables;
  if (!explanation.layers) return tables;
  const auto tokens = static_cast<std::int64_t>(explanation.tokens.size());
  for (const LayerTable& table : *explanation.layers) {
    const bool between = table.shape.size() == 3 && table.shape[0] > 0 && tokens > 0 &&
                         table.shape[1] == tokens && table.shape[2] == tokens &&
                         table.name != "shares";
    if (between && !table.data.empty()) tables.push_back(&table);
  }
  return tables;
}

std::size_t scored_row(const Explanation& explanation) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  if (explanation.attributions.empty()) return best;
  for (const LayerTable* table : token_tables(explanation)) {
    for (std::size_t at = 0; at < layers_of(*table) * explanation.tokens.size(); ++at) {
      const double far = distance(explanation, row_of(*table, 0, at));
      if (far < least) {
        least = far;
        best = at % explanation.tokens.size();
      }
    }
  }
  return best;
}

std::vector<std::string> token_names(const Explanation& explanation) {
  std::vector<std::string> names;
  for (const TokenInfo& token : explanation.tokens) {
    names.push_back(token_text(explanation, token));
  }
  return names;
}

Grid layer_grid(const Explanation& explanation, const LayerTable& table, std::size_t row) {
  Grid grid;
  grid.columns = token_names(explanation);
  grid.title = table.name + " of \"" + grid.columns[row] + "\", layers by tokens";
  grid.is_signed = false;
  for (std::size_t layer = layers_of(table); layer-- > 0;) {
    grid.rows.push_back("layer " + std::to_string(layer));
    const float* values = row_of(table, layer, row);
    grid.values.insert(grid.values.end(), values, values + grid.columns.size());
  }
  return grid;
}

Grid token_grid(const Explanation& explanation, const LayerTable& table, std::size_t layer) {
  ASCRIBO_ASSERT(layer < layers_of(table));
  Grid grid;
  grid.rows = grid.columns = token_names(explanation);
  grid.title = table.name + " in layer " + std::to_string(layer) + ", tokens by tokens";
  grid.is_signed = false;
  const float* values = row_of(table, layer, 0);
  grid.values.assign(values, values + grid.rows.size() * grid.columns.size());
  return grid;
}

std::vector<Flow> flows(const Explanation& explanation, const LayerTable& table, std::size_t row,
                        double least) {
  const std::size_t tokens = explanation.tokens.size();
  std::vector<double> held(tokens, 0.0);
  held[row] = 1;
  std::vector<Flow> all;
  double largest = 0;
  for (std::size_t layer = layers_of(table); layer-- > 0;) {
    std::vector<double> below(tokens, 0.0);
    for (std::size_t to = 0; to < tokens; ++to) {
      if (held[to] == 0) continue;
      const float* values = row_of(table, layer, to);
      for (std::size_t from = 0; from < tokens; ++from) {
        const double weight = held[to] * static_cast<double>(values[from]);
        if (!std::isfinite(weight) || weight <= 0) continue;
        below[from] += weight;
        largest = std::max(largest, weight);
        if (weight >= least * largest) all.push_back({layer, from, to, weight});
      }
    }
    held = below;
  }
  std::erase_if(all, [&](const Flow& flow) { return flow.weight < least * largest; });
  return all;
}

}  // namespace ascribo

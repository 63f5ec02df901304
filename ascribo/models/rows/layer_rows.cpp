// SPDX-License-Identifier: MIT
// Combines what several layers say about the same rows.
#include "ascribo/models/rows/layer_rows.h"

#include <algorithm>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/concat_columns.h"
#include "ascribo/ops/scale_rows.h"
#include "ascribo/ops/select_rows.h"

namespace ascribo {

std::vector<std::int64_t> layers_from_zero(const std::vector<std::int64_t>& layers,
                                           std::int64_t states) {
  std::vector<std::int64_t> found;
  for (const std::int64_t layer : layers) {
    found.push_back(layer < 0 ? layer + states : layer);
    if (found.back() >= 0 && found.back() < states) continue;
    fail(Code::kBadCheckpoint, "head", "it reads layer " + std::to_string(layer),
         "expected " + std::to_string(-states) + " to " + std::to_string(states - 1));
  }
  if (found.size() == 1 && found.front() == states - 1) found.clear();
  return found;
}

LayerRows::LayerRows(const Head& head, const HeadRows& read, std::size_t first)
    : head_(head), read_(read) {
  for (const std::int64_t layer : head.layers) {
    if (layer >= static_cast<std::int64_t>(first)) continue;
    fail(Code::kUnsupported, "run",
         "a value is put in at " + to_string(TapPoint{Tap::kHidden, static_cast<int>(first)}),
         "expected none behind " + to_string(TapPoint{Tap::kHidden, static_cast<int>(layer)}) +
             ", which the head reads as well");
  }
}

void LayerRows::put(std::size_t layer, const Variable& all_rows) {
  const auto at = static_cast<std::int64_t>(layer);
  if (std::find(head_.layers.begin(), head_.layers.end(), at) == head_.layers.end()) return;
  const bool all = static_cast<std::int64_t>(read_.rows.size()) == all_rows.value().rows();
  found_[at] = all ? all_rows : ops::select_rows(all_rows, read_.rows);
}

Variable LayerRows::combined(std::size_t layer, const Variable& last) const {
  if (head_.layers.empty()) return last;
  std::vector<Variable> parts;
  for (const std::int64_t each : head_.layers) {
    parts.push_back(each == static_cast<std::int64_t>(layer) ? last : found_.at(each));
  }
  if (!head_.layer_mean) return ops::concat_columns(parts);
  Variable sum = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) sum = ops::add(sum, parts[i]);
  const auto rows = static_cast<std::size_t>(sum.value().rows());
  return ops::scale_rows(sum, std::vector<float>(rows, 1.0F / static_cast<float>(parts.size())));
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Insertion and deletion: the area under the model's score while units come in or go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ascribo/base/option_set.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {

struct AreaOptions {
  std::string replace = "mask";
  MetricScore score = MetricScore::kProbability;
  std::int64_t points = 100;
  double share = 1;
  bool blind_start = false;
};

const OptionSet<AreaOptions>& area_options();

/// `insert`: units come into a text of which all are hidden; else they go from the whole text.
std::vector<Measure> run_area(std::string_view metric, bool insert, const OptionValues& given,
                              std::span<Task> tasks, std::span<const Judged> judged,
                              Scorer& scorer);

std::vector<OptionInfo> describe_area();
std::vector<Recipe> area_recipes();
std::optional<ScoreKind> area_score(std::string_view metric, const OptionValues& given);

}  // namespace ascribo

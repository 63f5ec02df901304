// SPDX-License-Identifier: MIT
// Comprehensiveness and sufficiency, as three papers define them: what the score loses without the
// units ranked highest, and with nothing but them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ascribo/base/option_set.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {

/// Whose definition.
enum class Erasure { kEraser, kAlti, kFerret };

template <>
struct EnumNames<Erasure> {
  static constexpr std::array<std::string_view, 3> kNames = {"eraser", "alti", "ferret"};
};

struct ErasureOptions {
  Erasure definition = Erasure::kEraser;
  std::string replace = "delete";
  MetricScore score = MetricScore::kProbability;
  std::optional<std::string> bins = {};
  std::optional<std::int64_t> one_by_one = {};
  std::optional<bool> monotone = {};
};

/// `keep`: sufficiency; else comprehensiveness.
std::vector<Measure> run_erasure(std::string_view metric, bool keep, const OptionValues& given,
                                 std::span<Task> tasks, std::span<const Judged> judged,
                                 Scorer& scorer);

std::vector<OptionInfo> describe_erasure();
std::vector<Recipe> erasure_recipes();
std::optional<ScoreKind> erasure_score(std::string_view metric, const OptionValues& given);

}  // namespace ascribo

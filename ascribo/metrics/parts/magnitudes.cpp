// SPDX-License-Identifier: MIT
// Goes through texts and targets.
#include "ascribo/metrics/parts/magnitudes.h"

#include <cmath>
#include <utility>

#include "ascribo/base/option_set.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

struct Options {};

}  // namespace

std::vector<Measure> measure_magnitudes(std::string_view metric, const OptionValues& given,
                                        std::span<const Judged> judged,
                                        double (*value)(std::vector<double>)) {
  OptionSet<Options>().parse(metric, given);
  std::vector<Measure> measures;
  for (const Judged& each : judged) {
    std::vector<TargetMeasure> targets;
    for (const std::vector<double>& scores : each.scores) {
      std::vector<double> found = magnitudes(scores);
      targets.push_back({found.empty() ? NAN : value(std::move(found))});
    }
    measures.push_back(mean_measure(metric, std::move(targets)));
  }
  return measures;
}

}  // namespace ascribo

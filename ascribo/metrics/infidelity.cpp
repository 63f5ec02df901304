// SPDX-License-Identifier: MIT
// Infidelity: how far scores are from saying what hiding several units at once does. (Yeh et al.
// 2019; their I is here the hiding of each unit with probability one half, so that I . a is the sum
// of the scores of what is hidden.)
#include <cmath>

#include "ascribo/base/option_set.h"
#include "ascribo/base/rng.h"
#include "ascribo/explain/draws.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/hidden_scores.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

constexpr std::uint64_t kDraw = 0x696e666964656c;

struct Options {
  std::int64_t samples = 50;
  bool normalize = false;
  std::string replace = "mask";
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("samples", &Options::samples, "masks that are drawn; the same for every method")
          .check([](std::int64_t samples) { return samples >= 1; }, "expected at least 1")
          .add("normalize", &Options::normalize,
               "scores are scaled first as suits them best: only their proportions are judged")
          .add("replace", &Options::replace, kReplaceHelp);
  return set;
}

// The whole text, then what is drawn.
Design draw_masks(const Task& task, std::int64_t samples) {
  Design design(task.result.units.size());
  design.add();
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    Rng random(task.result.seed,
               {kDraw, draw_key(task.sequence), static_cast<std::uint64_t>(sample)});
    for (std::uint8_t& hidden : design.add()) {
      hidden = static_cast<std::uint8_t>(random.below(2));
    }
  }
  return design;
}

double sum_hidden(std::span<const std::uint8_t> hidden, const std::vector<double>& scores) {
  double sum = 0;
  for (std::size_t unit = 0; unit < scores.size(); ++unit) {
    if (hidden[unit] && !std::isnan(scores[unit])) sum += scores[unit];
  }
  return sum;
}

double infidelity(const Design& design, const std::vector<double>& without,
                  const std::vector<double>& scores, bool normalize) {
  std::vector<double> said, lost;
  double both = 0, own = 0;
  for (std::size_t row = 1; row < design.rows(); ++row) {
    said.push_back(sum_hidden(design.row(row), scores));
    lost.push_back(without[0] - without[row]);
    both += said.back() * lost.back();
    own += said.back() * said.back();
  }
  const double scale = !normalize ? 1 : own > 0 ? both / own : 0;
  double sum = 0;
  for (std::size_t i = 0; i < said.size(); ++i) {
    sum += (scale * said[i] - lost[i]) * (scale * said[i] - lost[i]);
  }
  return sum / static_cast<double>(said.size());
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  const Options options = option_set().parse("infidelity", given);
  std::vector<Design> designs;
  for (const Task& task : tasks) {
    require_ranking(task, "infidelity");
    designs.push_back(draw_masks(task, options.samples));
  }
  const std::vector<MaskScores> scores =
      hidden_scores("infidelity", options.replace, {}, tasks, designs, scorer);
  std::vector<Measure> found;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::vector<TargetMeasure> targets;
    for (std::size_t k = 0; k < judged[i].scores.size(); ++k) {
      targets.push_back(
          {infidelity(designs[i], scores[i].of_target(k), judged[i].scores[k], options.normalize)});
    }
    found.push_back(mean_measure("infidelity", std::move(targets)));
  }
  return found;
}

}  // namespace

const Metric& metric_infidelity() {
  static const Metric metric{
      .name = "infidelity",
      .summary = "How far scores are from saying what hiding several units at once does.",
      .formula = "mean over masks of (sum of a_i hidden - (F(x) - F(x without them)))^2",
      .paper = "Yeh et al. 2019: On the (In)fidelity and Sensitivity of Explanations",
      .direction = Direction::kLower,
      .range = "from 0 on, in squares of the score that is explained",
      .needs = "two units",
      .cost = "samples forwards, for all methods together",
      .ranks = false,
      .options = [] { return option_set().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Draws baselines and points, one text after another: each has enough samples for full batches.
#include "ascribo/explain/methods/random_paths.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

#include "ascribo/explain/at.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/methods/gradient_at_input.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/methods/path.h"
#include "ascribo/explain/methods/samples.h"

namespace ascribo {
namespace {

constexpr std::string_view kUniform = "uniform";
constexpr std::int64_t kMostBaselines = 1000;

class RandomPaths {
 public:
  RandomPaths(const RandomPathOptions& options, const Baseline& baseline, TapPoint at,
              Scorer& scorer)
      : options_(options), baseline_(baseline), at_(at), scorer_(scorer) {}

  void run(std::span<Task> one) {
    Task& task = one[0];
    const std::vector<Tensor> text = text_values(one, scorer_, at_);
    const std::vector<Path> clean = paths_from(baseline_, one, text, scorer_, at_);
    const std::vector<std::vector<double>> starts = score_baselines(clean, one, scorer_, at_);
    const double deviation = noise_deviation(options_.noise, options_.noise_scale, text[0]);
    const bool per_dimension = options_.reduce != Reduce::kSum || task.keep_values;
    const auto entries = static_cast<std::size_t>(per_dimension ? text[0].numel() : text[0].rows());
    std::vector<Samples> samples(task.targets.size(),
                                 Samples(Statistic::kMean, options_.samples, entries));
    // Drawn again where it is needed: noisy copies of all samples might not fit into memory.
    const auto path_of = [&](std::int64_t sample, double* t) {
      Rng rng = draw(task, Draw::kPath, static_cast<std::uint64_t>(sample));
      Path path = clean[own_baselines() ? static_cast<std::size_t>(sample) % clean.size()
                                        : rng.below(clean.size())];
      if (t != nullptr) *t = rng.uniform();
      if (deviation == 0) return path;
      path.to = text[0].clone();
      add_noise(text[0], deviation, task, sample, path.to);
      return path;
    };
    Sweep sweep = sweep_texts(one, options_.samples);
    sweep.at = at_;
    sweep.fill = [&](std::int64_t sample, Tensor& values) {
      double t = 0;
      const Path path = path_of(sample, &t);
      place_point(path, t, values);
    };
    sweep.gradients = true;
    sweep.take = [&](std::int64_t sample, const Outcome& outcome) {
      const Path path = path_of(sample, nullptr);
      std::vector<double> sums(entries);
      for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
        sums.assign(entries, 0.0);
        add_terms(path, 1, outcome.gradients[k], per_dimension, sums);
        samples[outcome.first_target + k].add(sample, sums);
      }
    };
    scorer_.run(sweep);
    for (std::size_t k = 0; k < samples.size(); ++k) finish(task, k, samples[k], starts);
  }

 private:
  bool own_baselines() const { return *options_.baseline == kUniform; }

  void finish(Task& task, std::size_t target, const Samples& samples,
              const std::vector<std::vector<double>>& starts) const {
    Attribution& attribution = task.result.attributions[target];
    double start = 0;
    for (const std::vector<double>& scores : starts) start += scores[target];
    attribution.baseline_value = start / static_cast<double>(starts.size());
    const std::vector<double> values = samples.value();
    attribution.delta = std::accumulate(values.begin(), values.end(), 0.0) -
                        (attribution.value - *attribution.baseline_value);
    samples.report(task, target, options_.reduce, options_.aggregate);
    mark_unsigned(task, options_.reduce);
  }

  const RandomPathOptions& options_;
  const Baseline& baseline_;
  TapPoint at_;
  Scorer& scorer_;
};

}  // namespace

OptionSet<RandomPathOptions> random_path_options() {
  using Options = RandomPathOptions;
  return OptionSet<Options>()
      .add("samples", &Options::samples, "random draws for each text")
      .check([](std::int64_t count) { return count >= 2 && count <= 100'000; },
             "expected 2 to 100000")
      .add("at", &Options::at, kAtHelp)
      .add("baseline", &Options::baseline, kBaselineHelp)
      .add("keep_special", &Options::keep_special, kKeepSpecialHelp)
      .add("baseline_samples", &Options::baseline_samples, kBaselineSamplesHelp)
      .check([](std::int64_t count) { return count >= 1 && count <= kMostBaselines; },
             "expected 1 to " + std::to_string(kMostBaselines))
      .add("reduce", &Options::reduce, kReduceHelp)
      .add("aggregate", &Options::aggregate, kAggregateHelp);
}

void run_random_paths(const OptionSet<RandomPathOptions>& set, RandomPathOptions options,
                      std::span<Task> tasks, Scorer& scorer) {
  const TapPoint at = parse_at(options.at, scorer.model().info());
  // Random texts are samples, too: each sample has its own, so that errors tell of both. Where
  // texts come round again, they do so in the same of the groups that errors are made of.
  static_assert(kMostBaselines % Samples::kMostGroups == 0);
  const std::int64_t count = *options.baseline == kUniform
                                 ? std::min(options.samples, kMostBaselines)
                                 : options.baseline_samples;
  const Baseline baseline(*options.baseline, options.keep_special, count, scorer, at);
  options.keep_special = baseline.keeps_special() ? KeepSpecial::kYes : KeepSpecial::kNo;
  RandomPaths paths(options, baseline, at, scorer);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    tasks[i].result.method.options = set.values(options);
    baseline.describe(tasks[i], scorer.tokenizer());
    paths.run(tasks.subspan(i, 1));
  }
}

}  // namespace ascribo

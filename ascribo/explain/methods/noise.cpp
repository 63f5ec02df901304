// SPDX-License-Identifier: MIT
// Noisy copies of texts, and what gradient methods say of them:
//   smooth_grad: mean_k a_id(x + e_k),   square_grad: mean_k a_id(x + e_k)^2,
//   var_grad: sum_k (a_id(x + e_k) - mean)^2 / (K - 1),   e_k ~ N(0, s^2) for every dimension,
// taken for every dimension d and only then reduced to one number for each token.
#include "ascribo/explain/methods/noise.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/at.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/methods/gradient_at_input.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/methods/mean_magnitude.h"
#include "ascribo/explain/methods/path.h"

namespace ascribo {

/// Which library's formula is computed; see Method::recipes.
enum class NoiseRecipe { kPublished, kInterpreto };

template <>
struct EnumNames<NoiseRecipe> {
  static constexpr std::array<std::string_view, 2> kNames = {"published", "interpreto"};
};

namespace {

constexpr std::int64_t kMostSamples = 100'000;
constexpr double kTolerance = 0.01;
constexpr char kDefaultBaseline[] = "pad";

struct Options {
  NoisyMethod of = NoisyMethod::kSaliency;
  std::int64_t samples = 10;
  double noise = 0.1;
  NoiseScale noise_scale = NoiseScale::kRelative;
  std::string at = "word_embeddings";
  std::optional<std::string> baseline;
  std::optional<KeepSpecial> keep_special;
  std::optional<double> tolerance;
  std::optional<Reduce> reduce;
  Aggregate aggregate = Aggregate::kSum;
  NoiseRecipe recipe = NoiseRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("of", &Options::of,
               "the method that noisy copies are explained by: saliency (the gradient itself), "
               "input_x_gradient or integrated_gradients")
          .add("samples", &Options::samples, "random draws for each text")
          .check([](std::int64_t count) { return count >= 1 && count <= kMostSamples; },
                 "expected 1 to " + std::to_string(kMostSamples))
          .add("noise", &Options::noise, "standard deviation of the noise, see noise_scale")
          .check([](double noise) { return noise >= 0 && noise < INFINITY; }, "expected 0 or more")
          .add("noise_scale", &Options::noise_scale, kNoiseScaleHelp)
          .add("at", &Options::at, kAtHelp)
          .add("baseline", &Options::baseline, kBaselineHelp)
          .add("keep_special", &Options::keep_special, kKeepSpecialHelp)
          .add("tolerance", &Options::tolerance,
               "of integrated_gradients, how exact the scores of each copy are; by default 0.01")
          .check([](double tolerance) { return tolerance > 0 && tolerance < INFINITY; },
                 "expected more than 0")
          .add("reduce", &Options::reduce,
               "how the dimensions of a token become one number; by default l2 for the mean of "
               "saliency, else sum")
          .add("aggregate", &Options::aggregate, kAggregateHelp)
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

template <class T>
double deviation_of(const Tensor& values) {
  const T* data = values.data<T>();
  const auto count = static_cast<double>(values.numel());
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < values.numel(); ++i) sum += static_cast<double>(data[i]);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    const double away = static_cast<double>(data[i]) - sum / count;
    squares += away * away;
  }
  return std::sqrt(squares / count);
}

template <class T>
void add_noise_as(const Tensor& values, double deviation, const Task& task, std::int64_t sample,
                  Tensor& to) {
  const T* from = values.data<T>();
  T* out = to.mutable_data<T>();
  for (std::int64_t token = 0; token < values.rows(); ++token) {
    Rng rng = draw(task, Draw::kNoise, static_cast<std::uint64_t>(sample),
                   static_cast<std::uint64_t>(token));
    for (std::int64_t d = token * values.cols(); d < (token + 1) * values.cols(); ++d) {
      out[d] = static_cast<T>(static_cast<double>(from[d]) + deviation * rng.normal());
    }
  }
}

// One number for each dimension, or for each token.
template <class T>
std::vector<double> attribute(NoisyMethod of, const Tensor& values, const Tensor& gradient,
                              bool per_dimension) {
  const T* value = values.data<T>();
  const T* slope = gradient.data<T>();
  const std::int64_t width = per_dimension ? 1 : values.cols();
  std::vector<double> result(static_cast<std::size_t>(values.numel() / width), 0.0);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    const double times = of == NoisyMethod::kSaliency ? 1 : static_cast<double>(value[i]);
    result[static_cast<std::size_t>(i / width)] += times * static_cast<double>(slope[i]);
  }
  return result;
}

class NoiseRun {
 public:
  NoiseRun(std::string_view method, Statistic statistic, const OptionValues& given, Scorer& scorer)
      : method_(method), statistic_(statistic), options_(read(given)), scorer_(scorer) {
    at_ = parse_at(options_.at, scorer.model().info());
    if (options_.of != NoisyMethod::kIntegratedGradients) return;
    baseline_.emplace(*options_.baseline, options_.keep_special, options_.samples, scorer, at_);
    options_.keep_special = baseline_->keeps_special() ? KeepSpecial::kYes : KeepSpecial::kNo;
  }

  void run(std::span<Task> tasks) {
    for (Task& task : tasks) {
      task.result.method.options = option_set().values(options_);
      if (baseline_) baseline_->describe(task, scorer_.tokenizer());
      mark_unsigned(task, statistic_ == Statistic::kMean ? *options_.reduce : Reduce::kL2);
      if (peer() && task.keep_values) task.note("values: this recipe has no values per dimension");
    }
    const std::vector<Tensor> texts = text_values(tasks, scorer_, at_);
    if (!baseline_) return run_gradients(tasks, texts);
    // A text has as many paths as samples: enough for full batches.
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      run_paths(tasks.subspan(i, 1), std::span(texts).subspan(i, 1));
    }
  }

 private:
  Options read(const OptionValues& given) const {
    Options options = option_set().parse(method_, given);
    if (statistic_ == Statistic::kVariance && options.samples < 2) {
      fail(Code::kInvalidArgument, method_, "samples is \"" + std::to_string(options.samples) + '"',
           "expected at least 2 to have a variance");
    }
    const bool smooth_gradient =
        options.of == NoisyMethod::kSaliency && statistic_ == Statistic::kMean;
    check_recipe(options);
    if (!options.reduce) options.reduce = smooth_gradient ? Reduce::kL2 : Reduce::kSum;
    if (options.of == NoisyMethod::kIntegratedGradients) {
      if (!options.baseline) options.baseline = kDefaultBaseline;
      if (!options.tolerance) options.tolerance = kTolerance;
    } else if (options.baseline || options.keep_special || options.tolerance) {
      const std::string name = options.baseline    ? "baseline"
                               : options.tolerance ? "tolerance"
                                                   : "keep_special";
      fail(Code::kInvalidArgument, method_,
           name + " was given, but of is " + std::string(enum_name(options.of)),
           "expected it with integrated_gradients only", "add --of integrated_gradients");
    }
    return options;
  }

  void check_recipe(const Options& options) const {
    if (options.recipe != NoiseRecipe::kInterpreto) return;
    if (options.of == NoisyMethod::kIntegratedGradients) {
      fail(Code::kUnsupported, method_, "of is integrated_gradients and compat is interpreto",
           "expected input_x_gradient, or saliency: that library has no other noisy method");
    }
    if (options.reduce != Reduce::kMeanAbs) {
      fail(Code::kInvalidArgument, method_,
           "reduce is \"" + std::string(enum_name(*options.reduce)) + "\" and compat is interpreto",
           "expected mean_abs, which is part of that recipe");
    }
  }

  bool peer() const { return options_.recipe == NoiseRecipe::kInterpreto; }

  bool per_dimension(const Task& task) const {
    if (peer()) return false;
    return statistic_ != Statistic::kMean || *options_.reduce != Reduce::kSum || task.keep_values;
  }

  std::vector<Samples> start(const Task& task, const Tensor& values) const {
    const std::int64_t entries = per_dimension(task) ? values.numel() : values.rows();
    return {task.targets.size(),
            Samples(statistic_, options_.samples, static_cast<std::size_t>(entries))};
  }

  void report(Task& task, const std::vector<Samples>& samples) const {
    for (std::size_t k = 0; k < samples.size(); ++k) {
      samples[k].report(task, k, *options_.reduce, options_.aggregate);
    }
  }

  void run_gradients(std::span<Task> tasks, std::span<const Tensor> texts) {
    const auto place = [&](std::int64_t item) {
      return std::pair(static_cast<std::size_t>(item / options_.samples), item % options_.samples);
    };
    std::vector<Samples> current;  // of the text whose outcomes arrive
    Sweep sweep = sweep_texts(tasks, options_.samples);
    sweep.at = at_;
    sweep.gradients = true;
    sweep.fill = [&](std::int64_t item, Tensor& values) {
      const auto [i, sample] = place(item);
      add_noise(texts[i], deviation(texts[i]), tasks[i], sample, values);
    };
    sweep.take = [&](std::int64_t item, const Outcome& outcome) {
      const auto [i, sample] = place(item);
      Task& task = tasks[i];
      if (sample == 0 && outcome.first_target == 0) current = start(task, texts[i]);
      for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
        const Tensor& gradient = outcome.gradients[k];
        current[outcome.first_target + k].add(
            sample,
            peer() ? mean_magnitude(outcome.values, gradient,
                                    options_.of == NoisyMethod::kInputXGradient)
            : gradient.dtype() == Dtype::kF64
                ? attribute<double>(options_.of, outcome.values, gradient, per_dimension(task))
                : attribute<float>(options_.of, outcome.values, gradient, per_dimension(task)));
      }
      const std::size_t done = outcome.first_target + outcome.gradients.size();
      if (sample + 1 == options_.samples && done == task.targets.size()) report(task, current);
    };
    scorer_.run(sweep);
  }

  // The noisy copies of one text, each at the end of a path from the next of the baselines.
  void run_paths(std::span<Task> task, std::span<const Tensor> text) {
    std::vector<Path> clean = paths_from(*baseline_, task, text, scorer_, at_);
    std::vector<Path> paths;
    for (std::int64_t sample = 0; sample < options_.samples; ++sample) {
      paths.push_back(clean[static_cast<std::size_t>(sample) % clean.size()]);
      paths.back().to = text[0].clone();
      add_noise(text[0], deviation(text[0]), task[0], sample, paths.back().to);
    }
    const std::vector<PathIntegral> integrals =
        integrate(paths, task, scorer_, at_, {.fixed = {}, .tolerance = *options_.tolerance},
                  per_dimension(task[0]));
    std::vector<Samples> samples = start(task[0], text[0]);
    for (std::size_t sample = 0; sample < integrals.size(); ++sample) {
      const std::vector<double>& sums = integrals[sample].sums;
      const std::size_t count = sums.size() / samples.size();
      for (std::size_t k = 0; k < samples.size(); ++k) {
        samples[k].add(static_cast<std::int64_t>(sample),
                       std::span(sums).subspan(k * count, count));
      }
    }
    report(task[0], samples);
  }

  double deviation(const Tensor& text) const {
    return noise_deviation(options_.noise, options_.noise_scale, text);
  }

  std::string_view method_;
  Statistic statistic_;
  Options options_;
  Scorer& scorer_;
  TapPoint at_;
  std::optional<Baseline> baseline_;
};

}  // namespace

double noise_deviation(double noise, NoiseScale scale, const Tensor& values) {
  if (scale == NoiseScale::kAbsolute) return noise;
  return noise * (values.dtype() == Dtype::kF64 ? deviation_of<double>(values)
                                                : deviation_of<float>(values));
}

void add_noise(const Tensor& values, double deviation, const Task& task, std::int64_t sample,
               Tensor& to) {
  values.dtype() == Dtype::kF64 ? add_noise_as<double>(values, deviation, task, sample, to)
                                : add_noise_as<float>(values, deviation, task, sample, to);
}

std::vector<OptionInfo> noise_options() { return option_set().describe(); }

std::vector<Recipe> noise_recipes() {
  return {{"interpreto",
           {{"recipe", "interpreto"},
            {"of", "input_x_gradient"},
            {"noise_scale", "absolute"},
            {"reduce", "mean_abs"},
            {"aggregate", "mean"}},
           "compat interpreto: each copy's gradient is multiplied by the noisy embedding and loses "
           "its signs before copies are put together, and noise of 0.1 is the same for all models, "
           "however large their embeddings"}};
}

void run_noise(std::string_view method, Statistic statistic, const OptionValues& given,
               std::span<Task> tasks, Scorer& scorer) {
  NoiseRun(method, statistic, given, scorer).run(tasks);
}

}  // namespace ascribo

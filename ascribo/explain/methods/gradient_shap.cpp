// SPDX-License-Identifier: MIT
// GradientSHAP: gradients at random points between random baselines and the text, which may carry
// noise. (Lundberg and Lee 2017, as the shap library does it.)
#include <cmath>

#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/random_paths.h"

namespace ascribo {
namespace {

const OptionSet<RandomPathOptions>& option_set() {
  static const OptionSet<RandomPathOptions> set =
      random_path_options()
          .add("noise", &RandomPathOptions::noise,
               "standard deviation of the noise, see noise_scale")
          .check([](double noise) { return noise >= 0 && noise < INFINITY; }, "expected 0 or more")
          .add("noise_scale", &RandomPathOptions::noise_scale, kNoiseScaleHelp);
  return set;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  RandomPathOptions options = option_set().parse("gradient_shap", given);
  if (!options.baseline) options.baseline = "pad";
  run_random_paths(option_set(), options, tasks, scorer);
}

}  // namespace

const Method& method_gradient_shap() {
  static const Method method{
      .name = "gradient_shap",
      .family = Family::kGradient,
      .summary =
          "The mean of gradients at random points between random baselines and the text, which may "
          "carry noise; the scores add up to the change of the model's score but for chance.",
      .formula =
          "a_i = mean_k sum_d (x_id + e_kid - b_kid) dF(b_k + u_k (x + e_k - b_k)) / dx_id, "
          "b_k from the baselines, u_k ~ U(0, 1), e_k ~ N(0, s^2)",
      .paper = "Lundberg, Lee 2017: A Unified Approach to Interpreting Model Predictions",
      .cost = "samples forwards and, per target, samples backwards; 1 forward per baseline",
      .exact_on_linear = true,
      .has_baseline = true,
      .is_sampled = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo

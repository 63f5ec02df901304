// SPDX-License-Identifier: MIT
// Expected gradients: integrated gradients in expectation over a set of references, by one random
// point for each sample. The estimator is that of gradient_shap without noise; what differs is what
// it is meant for: the baselines stand for the texts that a model is used on (here random words,
// unless a file of texts is given), not for a text that says nothing. (Erion et al. 2021.)
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/random_paths.h"

namespace ascribo {
namespace {

const OptionSet<RandomPathOptions>& option_set() {
  static const OptionSet<RandomPathOptions> set = random_path_options();
  return set;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  RandomPathOptions options = option_set().parse("expected_gradients", given);
  if (!options.baseline) options.baseline = "uniform";
  run_random_paths(option_set(), options, tasks, scorer);
}

}  // namespace

const Method& method_expected_gradients() {
  static const Method method{
      .name = "expected_gradients",
      .family = Family::kGradient,
      .summary =
          "Integrated gradients in expectation over a set of reference texts (--baseline "
          "file:PATH; by default random words), estimated as by gradient_shap without noise.",
      .formula =
          "a_i = E_{b, u} sum_d (x_id - b_id) dF(b + u (x - b)) / dx_id, b from the "
          "references, u ~ U(0, 1)",
      .paper =
          "Erion, Janizek, Sturmfels, Lundberg, Lee 2021: Improving performance of deep learning "
          "models with axiomatic attribution priors and expected gradients",
      .cost =
          "samples forwards and, per target, samples backwards; 1 forward per reference (of random "
          "ones, samples)",
      .exact_on_linear = true,
      .has_baseline = true,
      .is_sampled = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo

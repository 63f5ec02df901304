// SPDX-License-Identifier: MIT
// SmoothGrad squared: the mean of squared gradients over noisy copies of a text.
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/noise.h"

namespace ascribo {

const Method& method_square_grad() {
  static const Method method{
      .name = "square_grad",
      .family = Family::kGradient,
      .summary =
          "The mean of squared gradients over copies of the text with noise in their embeddings.",
      .formula = "a_i = sum_d mean_k (dF(x + e_k) / dx_id)^2 (or of another method)",
      .paper =
          "Hooker, Erhan, Kindermans, Kim 2019: A Benchmark for Interpretability Methods in Deep "
          "Neural Networks",
      .cost =
          "samples forwards and, per target, samples backwards; of integrated_gradients, "
          "about 20 times that",
      .is_signed = false,
      .is_sampled = true,
      .options = noise_options,
      .recipes = noise_recipes,
      .run = [](const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
        run_noise("square_grad", Statistic::kMeanSquare, given, tasks, scorer);
      }};
  return method;
}

}  // namespace ascribo

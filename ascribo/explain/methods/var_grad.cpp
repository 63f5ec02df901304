// SPDX-License-Identifier: MIT
// VarGrad: how much a gradient method varies over noisy copies of a text. (Adebayo et al. 2018.)
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/noise.h"

namespace ascribo {

const Method& method_var_grad() {
  static const Method method{
      .name = "var_grad",
      .family = Family::kGradient,
      .summary =
          "The variance of gradients over copies of the text with noise in their embeddings.",
      .formula =
          "a_i = sum_d sum_k (g_id(x + e_k) - mean_k g_id)^2 / (K - 1), g = dF / dx (or another "
          "method)",
      .paper =
          "Adebayo, Gilmer, Goodfellow, Kim 2018: Local Explanation Methods for Deep Neural "
          "Networks Lack Sensitivity to Parameter Values",
      .cost =
          "samples forwards and, per target, samples backwards; of integrated_gradients, "
          "about 20 times that",
      .is_signed = false,
      .is_sampled = true,
      .options = noise_options,
      .recipes = noise_recipes,
      .run = [](const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
        run_noise("var_grad", Statistic::kVariance, given, tasks, scorer);
      }};
  return method;
}

}  // namespace ascribo

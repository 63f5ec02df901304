// SPDX-License-Identifier: MIT
// SmoothGrad: the mean of a gradient method over noisy copies of a text. (Smilkov et al. 2017.)
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/noise.h"

namespace ascribo {

const Method& method_smooth_grad() {
  static const Method method{
      .name = "smooth_grad",
      .family = Family::kGradient,
      .summary = "The mean of gradients over copies of the text with noise in their embeddings.",
      .formula =
          "a_i = || mean_k dF(x + e_k) / dx_i ||_2 (or the mean of another method, reduced as it "
          "reduces)",
      .paper =
          "Smilkov, Thorat, Kim, Viegas, Wattenberg 2017: SmoothGrad: removing noise by adding "
          "noise",
      .cost =
          "samples forwards and, per target, samples backwards; of integrated_gradients, "
          "about 20 times that",
      .is_signed = false,
      .is_sampled = true,
      .options = noise_options,
      .recipes = noise_recipes,
      .run = [](const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
        run_noise("smooth_grad", Statistic::kMean, given, tasks, scorer);
      }};
  return method;
}

}  // namespace ascribo

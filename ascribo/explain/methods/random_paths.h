// SPDX-License-Identifier: MIT
// What gradient_shap and expected_gradients share: gradients at random points of paths from random
// baselines.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/baselines.h"
#include "ascribo/explain/methods/noise.h"

namespace ascribo {

struct RandomPathOptions {
  std::int64_t samples = 50;
  double noise = 0;
  NoiseScale noise_scale = NoiseScale::kRelative;
  std::string at = "word_embeddings";
  std::optional<std::string> baseline;  ///< set before run_random_paths
  std::optional<KeepSpecial> keep_special;
  std::int64_t baseline_samples = 100;
  Reduce reduce = Reduce::kSum;
  Aggregate aggregate = Aggregate::kSum;
};

/// Fills in every attribution of the tasks: the mean over samples of (x - b) dF(b + u (x - b)) / dx
/// with b drawn from the baseline's texts (of random ones, one for each sample) and u from U(0, 1);
/// its standard errors; and as baseline_value the mean score of all those texts, so that delta is
/// what sampling has left.
/// The options that were used are reported by `set`.
void run_random_paths(const OptionSet<RandomPathOptions>& set, RandomPathOptions options,
                      std::span<Task> tasks, Scorer& scorer);

/// The options that both methods have.
OptionSet<RandomPathOptions> random_path_options();

}  // namespace ascribo

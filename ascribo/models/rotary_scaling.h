// SPDX-License-Identifier: MIT
// How far the angles of rotary positions are stretched for texts longer than a model was first
// trained on, as config.json states it.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/base/json.h"

namespace ascribo {

/// Frequencies of rotary positions, theta^(-2d / width) for the pair d (Su et al. 2021), and what
/// became of them; in single precision, as transformers computes them.
struct RotaryScaling {
  enum class Kind {
    kDefault,
    kLinear,  ///< all divided by factor (Chen et al. 2023)
    kLlama3,  ///< the low ones divided by factor, between low and high a smooth passage
    kYarn,    ///< the same by numbers of turns, and larger scores (Peng et al. 2024)
  };
  Kind kind = Kind::kDefault;
  double theta = 10000;
  double factor = 1;
  double original_max_position_embeddings = 0;       ///< of kLlama3 and kYarn
  double low_freq_factor = 1, high_freq_factor = 4;  ///< of kLlama3
  double beta_fast = 32, beta_slow = 1;              ///< of kYarn
  bool truncate = true;                              ///< of kYarn: bounds are whole pairs
  double attention_factor = 1;                       ///< goes into every cosine and sine

  /// Radians per position of the width / 2 pairs.
  std::vector<float> frequencies(std::int64_t width) const;
};

/// From `rope_parameters`, else from `rope_scaling` and `rope_theta`; where no theta is stated, it
/// is `default_theta`. kBadCheckpoint, naming the field, for what is missing or no usable number;
/// kUnsupported for other kinds (dynamic, longrope) and for parameters by kind of layer.
RotaryScaling read_rotary_scaling(const Json& config, double default_theta = 10000);

}  // namespace ascribo

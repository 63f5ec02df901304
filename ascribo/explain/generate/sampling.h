// SPDX-License-Identifier: MIT
// Chooses the next token from the scores that a model gives to every word.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ascribo/base/rng.h"

namespace ascribo {

/// How the next token is chosen. In this order: the penalty, the temperature, the k likeliest
/// words, the likeliest words that together have probability p.
struct SamplingRule {
  bool sample = false;  ///< false: the likeliest word, the first one of equals
  double temperature = 1;
  std::optional<std::int64_t> top_k = {};  ///< words as likely as the last of them stay as well
  double top_p = 1;
  double repetition_penalty = 1;  ///< of words that are there already
};

/// The probability with which each word is chosen: 0 for words that are left out, and with `sample`
/// off 1 for a single one. `before` holds the prompt and what was written since.
std::vector<double> choice_probabilities(std::span<const double> logits,
                                         std::span<const std::int64_t> before,
                                         const SamplingRule& rule);

/// A word drawn with these probabilities; draws nothing where only one is possible.
std::int64_t choose_token(std::span<const double> logits, std::span<const std::int64_t> before,
                          const SamplingRule& rule, Rng& rng);

/// The logarithm of a word's probability in the model's own distribution.
double log_probability(std::span<const double> logits, std::int64_t token);

}  // namespace ascribo

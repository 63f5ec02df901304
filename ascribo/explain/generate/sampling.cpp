// SPDX-License-Identifier: MIT
// Penalty, temperature, top-k and top-p (nucleus sampling: Holtzman et al. 2020), in the order and
// with the ties of transformers' processors. The penalty is CTRL's (Keskar et al. 2019): a logit is
// divided by it when positive, multiplied when not.
#include "ascribo/explain/generate/sampling.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

constexpr double kOut = -std::numeric_limits<double>::infinity();

std::int64_t likeliest(std::span<const double> logits) {
  return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

void penalise(std::vector<double>& logits, std::span<const std::int64_t> before, double penalty) {
  std::vector<std::int64_t> words(before.begin(), before.end());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  for (const std::int64_t word : words) {
    double& logit = logits[static_cast<std::size_t>(word)];
    logit = logit > 0 ? logit / penalty : logit * penalty;
  }
}

std::vector<double> penalised(std::span<const double> logits, std::span<const std::int64_t> before,
                              const SamplingRule& rule) {
  std::vector<double> changed(logits.begin(), logits.end());
  if (rule.repetition_penalty != 1) penalise(changed, before, rule.repetition_penalty);
  return changed;
}

void keep_top_k(std::vector<double>& logits, std::int64_t k) {
  if (k >= static_cast<std::int64_t>(logits.size())) return;
  std::vector<double> sorted = logits;
  const auto last = sorted.begin() + (k - 1);
  std::nth_element(sorted.begin(), last, sorted.end(), std::greater<>());
  const double least = *last;
  for (double& logit : logits) {
    if (logit < least) logit = kOut;
  }
}

void to_probabilities(std::vector<double>& logits) {
  const double most = logits[static_cast<std::size_t>(likeliest(logits))];
  double sum = 0;
  for (double& logit : logits) sum += logit = std::exp(logit - most);
  for (double& logit : logits) logit /= sum;
}

// Leaves out the least likely words while those left have at least probability p; of equals the
// last ones first.
void keep_top_p(std::vector<double>& probabilities, double p) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  double before = 0, kept = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    double& probability = probabilities[order[i]];
    before += probability;
    if (i > 0 && before - probability >= p) {
      probability = 0;
    } else {
      kept += probability;
    }
  }
  for (double& probability : probabilities) probability /= kept;
}

}  // namespace

std::vector<double> choice_probabilities(std::span<const double> logits,
                                         std::span<const std::int64_t> before,
                                         const SamplingRule& rule) {
  std::vector<double> scores = penalised(logits, before, rule);
  if (!rule.sample) {
    const auto chosen = static_cast<std::size_t>(likeliest(scores));
    scores.assign(scores.size(), 0);
    scores[chosen] = 1;
    return scores;
  }
  for (double& score : scores) score /= rule.temperature;
  if (rule.top_k) keep_top_k(scores, *rule.top_k);
  to_probabilities(scores);
  if (rule.top_p < 1) keep_top_p(scores, rule.top_p);
  return scores;
}

std::int64_t choose_token(std::span<const double> logits, std::span<const std::int64_t> before,
                          const SamplingRule& rule, Rng& rng) {
  ASCRIBO_ASSERT(!logits.empty());
  if (!rule.sample) {
    return rule.repetition_penalty == 1 ? likeliest(logits)
                                        : likeliest(penalised(logits, before, rule));
  }
  const std::vector<double> probabilities = choice_probabilities(logits, before, rule);
  double left = rng.uniform();
  std::int64_t last = 0;  // rounding may leave a trace beyond the last word that is possible
  for (std::size_t word = 0; word < probabilities.size(); ++word) {
    if (probabilities[word] <= 0) continue;
    last = static_cast<std::int64_t>(word);
    if (left < probabilities[word]) break;
    left -= probabilities[word];
  }
  return last;
}

double log_probability(std::span<const double> logits, std::int64_t token) {
  const double most = logits[static_cast<std::size_t>(likeliest(logits))];
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - most);
  return logits[static_cast<std::size_t>(token)] - most - std::log(sum);
}

}  // namespace ascribo

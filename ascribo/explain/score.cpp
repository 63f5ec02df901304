// SPDX-License-Identifier: MIT
// Scores and their gradients. With p the probabilities and z the logits:
//   softmax:  d p_i / d z_j = p_i ([i = j] - p_j)     d log p_i / d z_j = [i = j] - p_j
//   sigmoid:  d p_i / d z_i = p_i (1 - p_i)           d log p_i / d z_i = 1 - p_i
#include "ascribo/explain/score.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"

namespace ascribo {
namespace {

// log sum_j exp(z_j), without overflow.
double log_sum_exp(std::span<const double> logits) {
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double logit : logits) sum += std::exp(logit - top);
  return top + std::log(sum);
}

double log_probability(Link link, std::span<const double> logits, std::int64_t index) {
  const double logit = logits[static_cast<std::size_t>(index)];
  if (link == Link::kSoftmax) return logit - log_sum_exp(logits);
  // log sigmoid(z) = -log(1 + exp(-z)), written so that exp never overflows.
  return logit < 0 ? logit - std::log1p(std::exp(logit)) : -std::log1p(std::exp(-logit));
}

}  // namespace

Link link_of(Problem problem, std::size_t labels) {
  if (problem == Problem::kRegression) return Link::kNone;
  if (problem == Problem::kMultiLabel || labels == 1) return Link::kSigmoid;
  return Link::kSoftmax;
}

double probability(Link link, std::span<const double> logits, std::int64_t index) {
  if (link == Link::kNone) return logits[static_cast<std::size_t>(index)];
  return std::exp(log_probability(link, logits, index));
}

Score::Score(ScoreKind kind, Link link) : kind_(kind), link_(link) {
  if (link == Link::kNone && kind != ScoreKind::kLogit) {
    fail(Code::kUnsupported, "score",
         std::string(enum_name(kind)) + " was asked of a regression, which has no probabilities",
         "expected logit", "use --score logit, the value that the model answers");
  }
}

double Score::one(std::span<const double> logits, std::int64_t index) const {
  ASCRIBO_ASSERT(index >= 0 && index < static_cast<std::int64_t>(logits.size()));
  switch (kind_) {
    case ScoreKind::kLogit: return logits[static_cast<std::size_t>(index)];
    case ScoreKind::kProbability: return probability(link_, logits, index);
    case ScoreKind::kLogProbability: return log_probability(link_, logits, index);
  }
  return 0;
}

double Score::value(std::span<const double> logits, std::int64_t index,
                    std::optional<std::int64_t> versus) const {
  const double value = one(logits, index);
  return versus ? value - one(logits, *versus) : value;
}

void Score::add_gradient(std::span<const double> logits, std::int64_t index, double sign,
                         std::span<double> gradient) const {
  const auto i = static_cast<std::size_t>(index);
  if (kind_ == ScoreKind::kLogit) {
    gradient[i] += sign;
    return;
  }
  const double p = probability(link_, logits, index);
  const double scale = sign * (kind_ == ScoreKind::kProbability ? p : 1);
  if (link_ == Link::kSigmoid) {
    gradient[i] += scale * (1 - p);
    return;
  }
  const double total = log_sum_exp(logits);
  for (std::size_t j = 0; j < logits.size(); ++j) {
    gradient[j] += scale * ((i == j ? 1 : 0) - std::exp(logits[j] - total));
  }
}

void Score::gradient(std::span<const double> logits, std::int64_t index,
                     std::optional<std::int64_t> versus, std::span<double> gradient) const {
  ASCRIBO_ASSERT(gradient.size() == logits.size());
  std::fill(gradient.begin(), gradient.end(), 0.0);
  add_gradient(logits, index, 1, gradient);
  if (versus) add_gradient(logits, *versus, -1, gradient);
}

}  // namespace ascribo

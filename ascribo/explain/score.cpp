// SPDX-License-Identifier: MIT
// Scores and their gradients. With p the probabilities and z the logits:
//   softmax:  d p_i / d z_j = p_i ([i = j] - p_j)     d log p_i / d z_j = [i = j] - p_j
//   sigmoid:  d p_i / d z_i = p_i (1 - p_i)           d log p_i / d z_i = 1 - p_i
//   products: d prod p / d z = prod p * sum d log p / d z
//   cosine:   cos(x, c) = x.c / |x||c|                d cos / d x = c / |x||c| - cos x / |x|^2
#include "ascribo/explain/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/ops/simd/log_sum_exp.h"

namespace ascribo {
namespace {

double logit_of(std::span<const double> logits, std::int64_t index) {
  ASCRIBO_ASSERT(index >= 0 && index < static_cast<std::int64_t>(logits.size()));
  return logits[static_cast<std::size_t>(index)];
}

std::size_t first_of(const Cell& cell) { return static_cast<std::size_t>(cell.first); }

// Calls visit(index) for every logit that shares the cell's softmax.
template <class Visit>
void each_rival(const Cell& cell, Visit visit) {
  for (std::int64_t k = 0; k < cell.count; ++k) visit(cell.first + k * cell.stride);
}

// log sum_j exp(z_j), without overflow.
double log_sum_exp(std::span<const double> logits, const Cell& cell) {
  if (cell.stride == 1) return ops::simd::log_sum_exp(&logits[first_of(cell)], cell.count);
  double top = -INFINITY, sum = 0;
  each_rival(cell, [&](std::int64_t j) { top = std::max(top, logit_of(logits, j)); });
  each_rival(cell, [&](std::int64_t j) { sum += std::exp(logit_of(logits, j) - top); });
  return top + std::log(sum);
}

double log_probability(Link link, std::span<const double> logits, const Cell& cell) {
  const double logit = logit_of(logits, cell.index);
  if (link == Link::kSoftmax) return logit - log_sum_exp(logits, cell);
  // log sigmoid(z) = -log(1 + exp(-z)), written so that exp never overflows.
  return logit < 0 ? logit - std::log1p(std::exp(logit)) : -std::log1p(std::exp(-logit));
}

double dot(std::span<const double> a, std::span<const double> b) {
  ASCRIBO_ASSERT(a.size() == b.size());
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

struct Cosine {
  double value, lengths, own_squared;
};

// The value of a function of one's own, and its gradient where `gradient` is not empty.
double function_value(std::span<const double> logits, const Readout& readout,
                      std::span<double> gradient) {
  const LogitFunction& function = *readout.function;
  std::vector<double> own;
  each_rival(readout.plus.front(), [&](std::int64_t j) { own.push_back(logit_of(logits, j)); });
  const double value = function.evaluate(own, gradient);
  const auto finite = [](double number) { return std::isfinite(number); };
  if (finite(value) && std::all_of(gradient.begin(), gradient.end(), finite)) return value;
  fail(Code::kInvalidArgument, "target",
       '"' + function.name + "\" gave a value or a gradient that is not finite",
       "expected finite numbers");
}

Cosine cosine(std::span<const double> x, std::span<const double> c) {
  const double own_squared = dot(x, x);
  const double lengths = std::sqrt(own_squared * dot(c, c));
  // Like other libraries: a vector without length is similar to nothing.
  return {lengths > 0 ? dot(x, c) / lengths : 0, lengths, own_squared};
}

}  // namespace

Link link_of(Problem problem, std::size_t labels) {
  if (problem == Problem::kRegression) return Link::kNone;
  if (problem == Problem::kMultiLabel || labels == 1) return Link::kSigmoid;
  return Link::kSoftmax;
}

Link link_of(const ModelInfo& model) {
  if (model.head == HeadKind::kBase) return Link::kCosine;
  return link_of(model.problem, static_cast<std::size_t>(model.outputs));
}

double probability(Link link, std::span<const double> logits, const Cell& cell) {
  if (link == Link::kNone || link == Link::kCosine) return logit_of(logits, cell.index);
  return std::exp(log_probability(link, logits, cell));
}

double probability(Link link, std::span<const double> logits, std::int64_t index) {
  return probability(link, logits,
                     Cell{.index = index, .count = static_cast<std::int64_t>(logits.size())});
}

Score::Score(ScoreKind kind, Link link) : kind_(kind), link_(link) {
  if (kind == ScoreKind::kLogit || link == Link::kSoftmax || link == Link::kSigmoid) return;
  const std::string what = link == Link::kNone ? "a regression, which has no probabilities"
                                               : "a model without head, which has no probabilities";
  fail(Code::kUnsupported, "score", std::string(enum_name(kind)) + " was asked of " + what,
       "expected logit",
       link == Link::kNone ? "use --score logit, the value that the model answers"
                           : "use --score logit: the similarity to the other text");
}

double Score::total(std::span<const double> logits, std::span<const Cell> cells) const {
  double sum = 0;
  for (const Cell& cell : cells) {
    sum += kind_ == ScoreKind::kLogit ? logit_of(logits, cell.index)
                                      : log_probability(link_, logits, cell);
  }
  return kind_ == ScoreKind::kProbability ? std::exp(sum) : sum;
}

double Score::value(std::span<const double> logits, const Readout& readout) const {
  if (readout.function) return function_value(logits, readout, {});
  if (link_ == Link::kCosine) return cosine(logits, *readout.direction).value;
  double value = 0;
  readout.each_share(
      [&](double weight, std::span<const Cell> cells) { value += weight * total(logits, cells); });
  return value;
}

void Score::add_gradient(std::span<const double> logits, std::span<const Cell> cells, double weight,
                         const Part& gradient) const {
  const double scale = weight * (kind_ == ScoreKind::kProbability ? total(logits, cells) : 1);
  for (const Cell& cell : cells) {
    if (kind_ == ScoreKind::kLogit) {
      gradient.at(cell.index) += weight;
    } else if (link_ == Link::kSigmoid) {
      gradient.at(cell.index) += scale * (1 - probability(link_, logits, cell));
    } else {
      const double all = log_sum_exp(logits, cell);
      gradient.at(cell.index) += scale;
      if (cell.stride == 1) {
        ops::simd::add_exponentials(&logits[first_of(cell)], cell.count, all, -scale,
                                    &gradient.at(cell.first));
        continue;
      }
      each_rival(cell, [&](std::int64_t j) {
        gradient.at(j) -= scale * std::exp(logit_of(logits, j) - all);
      });
    }
  }
}

void Score::gradient(std::span<const double> logits, const Readout& readout,
                     std::span<double> gradient, std::size_t first) const {
  ASCRIBO_ASSERT(first + gradient.size() <= logits.size());
  std::fill(gradient.begin(), gradient.end(), 0.0);
  if (readout.function) {
    const Cell& cell = readout.plus.front();
    std::vector<double> slopes(static_cast<std::size_t>(cell.count));
    function_value(logits, readout, slopes);
    for (std::int64_t k = 0; k < cell.count; ++k) {
      Part{gradient, first}.at(cell.first + k * cell.stride) = slopes[static_cast<std::size_t>(k)];
    }
    return;
  }
  if (link_ == Link::kCosine) {
    const auto [value, lengths, own_squared] = cosine(logits, *readout.direction);
    for (std::size_t i = 0; lengths > 0 && i < gradient.size(); ++i) {
      const std::size_t at = first + i;
      gradient[i] = (*readout.direction)[at] / lengths - value * logits[at] / own_squared;
    }
    return;
  }
  readout.each_share([&](double weight, std::span<const Cell> cells) {
    add_gradient(logits, cells, weight, {gradient, first});
  });
}

std::pair<std::size_t, std::size_t> Score::reach(const Readout& readout, std::size_t logits) const {
  if (link_ == Link::kCosine && !readout.function) return {0, logits};
  auto begin = static_cast<std::int64_t>(logits);
  std::int64_t end = 0;
  const bool alone = !readout.function && (kind_ == ScoreKind::kLogit || link_ != Link::kSoftmax);
  readout.each_share([&](double, std::span<const Cell> cells) {
    for (const Cell& cell : cells) {
      begin = std::min(begin, cell.index);
      end = std::max(end, cell.index + 1);
      if (alone || cell.count == 0) continue;
      begin = std::min(begin, cell.first);
      end = std::max(end, cell.first + (cell.count - 1) * cell.stride + 1);
    }
  });
  return {static_cast<std::size_t>(std::min(begin, end)), static_cast<std::size_t>(end)};
}

}  // namespace ascribo

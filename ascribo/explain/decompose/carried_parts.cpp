// SPDX-License-Identifier: MIT
// Products act on every part alike. Norms divide by the whole vector's deviation; an activation
// multiplies by f(h) / h of the whole h; each bias is shared out among the parts.
#include "ascribo/explain/decompose/carried_parts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/assert.h"
#include "ascribo/explain/decompose/norm_map.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/decompose/linear_parts.h"
#include "ascribo/ops/decompose/mix_parts.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/repeat_heads.h"

namespace ascribo {
namespace {

// Keeps f(h) / h from being 0 / 0, as published.
constexpr double kNoDivisionByZero = 1e-12;

// Rows, parts of positions times positions, that go through a feed-forward block at once.
constexpr std::int64_t kRowsAtOnce = 1024;

/// How biases are shared out among the parts of each position.
class BiasShares {
 public:
  BiasShares(BiasRule rule, std::int64_t parts) : rule_(rule), parts_(parts) {}

  /// Adds shares of `bias` to rows `[positions * parts, n]` that have nothing of it.
  void add(const Tensor& bias, Tensor& rows) const {
    if (!bias.defined()) return;
    for_type(rows.dtype(), [&](auto zero) {
      using T = decltype(zero);
      const T* b = bias.data<T>();
      T* data = rows.mutable_data<T>();
      const std::int64_t cols = rows.cols();
      const std::int64_t size = parts_ * cols;
      ops::parallel_ranges(rows.rows() / parts_, 4 * size,
                           [=, this](std::int64_t begin, std::int64_t end) {
                             for (std::int64_t at = begin; at < end; ++at) {
                               share(b, cols, data + at * size);
                             }
                           });
    });
  }

 private:
  template <class T>
  double weight(const T* x, const T* bias, std::int64_t cols, std::int64_t part) const {
    double dot = 0, own = 0, its = 0;
    for (std::int64_t d = 0; d < cols; ++d) {
      const auto a = static_cast<double>(x[d]), b = static_cast<double>(bias[d]);
      dot += a * b;
      own += a * a;
      its += b * b;
    }
    switch (rule_) {
      case BiasRule::kAbsDot: return std::abs(dot);
      case BiasRule::kAbsSim: return own > 0 && its > 0 ? std::abs(dot) / std::sqrt(own * its) : 0;
      case BiasRule::kNorm: return std::sqrt(own);
      case BiasRule::kEqual: return 1;
      case BiasRule::kFirst: return part == 0 ? 1 : 0;
      case BiasRule::kApart: return part + 1 == parts_ ? 1 : 0;
    }
    return 0;
  }

  template <class T>
  void share(const T* bias, std::int64_t cols, T* rows) const {
    std::vector<double> weights;
    for (std::int64_t k = 0; k < parts_; ++k) {
      weights.push_back(weight(rows + k * cols, bias, cols, k));
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::int64_t k = 0; k < parts_; ++k) {
      const double share =
          sum > 0 ? weights[static_cast<std::size_t>(k)] / sum : 1 / static_cast<double>(parts_);
      for (std::int64_t d = 0; d < cols; ++d) {
        rows[k * cols + d] += static_cast<T>(share * static_cast<double>(bias[d]));
      }
    }
  }

  BiasRule rule_;
  std::int64_t parts_;
};

/// x W^T of every row, and shares of b.
Tensor product(const Tensor& rows, const LinearWeight& weight, const BiasShares& shares) {
  Tensor y = ops::linear(rows, weight).value();
  const Tensor bias = ops::bias_of(weight);
  if (!bias.defined()) return y;
  for_type(y.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t cols = y.cols();
    for (std::int64_t at = 0; at < y.numel(); ++at) {
      y.mutable_data<T>()[at] -= bias.data<T>()[at % cols];
    }
  });
  shares.add(bias, y);
  return y;
}

/// Rows `[positions * parts, n]` times factors `[positions, n]`.
void multiply(const Tensor& factors, std::int64_t parts, Tensor& rows) {
  for_type(rows.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t cols = rows.cols();
    const T* factor = factors.data<T>();
    T* data = rows.mutable_data<T>();
    ops::parallel_ranges(rows.rows(), cols, [=](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        for (std::int64_t d = 0; d < cols; ++d) {
          data[row * cols + d] *= factor[row / parts * cols + d];
        }
      }
    });
  });
}

/// f(h) / h
Tensor slopes_of(const Tensor& h, Activation function) {
  const Tensor f = ops::activation(h, function).value();
  Tensor slopes = Tensor::empty(h.shape(), h.dtype());
  for_type(h.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t at = 0; at < h.numel(); ++at) {
      const auto value = static_cast<double>(f.data<T>()[at]);
      slopes.mutable_data<T>()[at] =
          static_cast<T>(value / (static_cast<double>(h.data<T>()[at]) + kNoDivisionByZero));
    }
  });
  return slopes;
}

/// One norm of every part, by the scales of the wholes.
void normalise(const Norm& norm, const std::vector<double>& scales, std::int64_t first,
               std::int64_t parts, const BiasShares& shares, Tensor& rows) {
  if (!norm.defined()) return;
  map_rows(norm, rows);
  for_type(rows.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t cols = rows.cols();
    for (std::int64_t at = 0; at < rows.numel(); ++at) {
      const auto position = static_cast<std::size_t>(first + at / cols / parts);
      rows.mutable_data<T>()[at] *= static_cast<T>(scales[position]);
    }
  });
  shares.add(norm.beta, rows);
}

Tensor sum_of(const Tensor& a, const Tensor& b) { return ops::add(a, b).value(); }

/// Mean over some positions of what `rows` hold of each, `[count, cols]`.
Tensor mean_of(const Tensor& rows, const std::vector<std::int64_t>& positions, std::int64_t count) {
  Tensor mean = Tensor::zeros({count, rows.cols()}, rows.dtype());
  for_type(rows.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (const std::int64_t position : positions) {
      const T* from = rows.data<T>() + position * mean.numel();
      for (std::int64_t at = 0; at < mean.numel(); ++at) {
        mean.mutable_data<T>()[at] += from[at] / static_cast<T>(positions.size());
      }
    }
  });
  return mean;
}

}  // namespace

CarriedParts::CarriedParts(const Tensor& vectors, BiasRule rule)
    : tokens_(vectors.rows()),
      parts_(vectors.rows() + (rule == BiasRule::kApart ? 1 : 0)),
      rule_(rule),
      rows_(Tensor::zeros({tokens_ * parts_, vectors.cols()}, vectors.dtype())) {
  for_type(vectors.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t cols = vectors.cols();
    for (std::int64_t i = 0; i < tokens_; ++i) {
      std::copy_n(vectors.data<T>() + i * cols, cols,
                  rows_.mutable_data<T>() + (i * parts_ + i) * cols);
    }
  });
}

Tensor CarriedParts::attend(const LayerView& view) const {
  Tensor values = product(rows_, view.layer->value, BiasShares(rule_, parts_));
  const std::int64_t shared = view.layer->queries_per_key;
  if (shared != 1) values = ops::repeat_heads(values, view.heads / shared, shared).value();
  return ops::mix_parts(view.probs, values, view.heads);
}

void CarriedParts::pass(const LayerView& view) {
  const TransformerLayer& layer = *view.layer;
  const BiasShares shares(rule_, parts_);
  const Tensor mixed = attend(view);
  const Tensor before = sum_of(view.attn_out, view.input);
  const std::vector<double> first = norm_scales(layer.attn_norm, before);
  const Tensor middle = normalised(layer.attn_norm, before, first);
  const std::vector<double> second = norm_scales(layer.ffn_norm, sum_of(middle, view.ffn_out));
  Tensor next = Tensor::empty(rows_.shape(), rows_.dtype());
  const std::int64_t at_once = std::max<std::int64_t>(1, kRowsAtOnce / parts_);
  for (std::int64_t begin = 0; begin < tokens_; begin += at_once) {
    const std::int64_t end = std::min(begin + at_once, tokens_);
    const auto of = [&](const Tensor& all) { return all.slice(begin * parts_, end * parts_); };
    Tensor x = sum_of(product(of(mixed), layer.attn_out, shares), of(rows_));
    normalise(layer.attn_norm, first, begin, parts_, shares, x);
    Tensor wide = product(x, layer.ffn_in, shares);
    const Tensor h = ops::linear(middle.slice(begin, end), layer.ffn_in).value();
    multiply(slopes_of(h, layer.activation), parts_, wide);
    x = sum_of(product(wide, layer.ffn_out, shares), x);
    normalise(layer.ffn_norm, second, begin, parts_, shares, x);
    for_type(x.dtype(), [&](auto zero) {
      using T = decltype(zero);
      std::copy_n(x.data<T>(), x.numel(), next.mutable_data<T>() + begin * parts_ * x.cols());
    });
  }
  rows_ = next;
}

Tensor CarriedParts::answer(const Head& head, const std::vector<std::int64_t>& rows,
                            const Tensor& last) const {
  const BiasShares shares(rule_, parts_);
  Tensor whole = mean_of(last, rows, 1);
  Tensor x = mean_of(rows_, rows, parts_);
  if (head.dense.defined()) {
    const Tensor h = ops::linear(whole, head.dense).value();
    x = product(x, head.dense, shares);
    multiply(slopes_of(h, head.activation), parts_, x);
    whole = ops::activation(h, head.activation).value();
  }
  if (head.norm) normalise(*head.norm, norm_scales(*head.norm, whole), 0, parts_, shares, x);
  return head.out.defined() ? product(x, head.out, shares) : x;
}

TokenTable CarriedParts::norms() const {
  TokenTable table(tokens_);
  const std::vector<double> values = rows_.to_vector<double>();
  const auto cols = static_cast<std::size_t>(rows_.cols());
  for (std::size_t at = 0; at < values.size(); ++at) {
    const std::size_t row = at / cols, part = row % static_cast<std::size_t>(parts_);
    if (part >= table.size) continue;
    table.at(row / static_cast<std::size_t>(parts_), part) += values[at] * values[at];
  }
  for (double& cell : table.cells) cell = std::sqrt(cell);
  return table;
}

double CarriedParts::error(const Tensor& vectors) const {
  const std::vector<double> values = rows_.to_vector<double>();
  const std::vector<double> wholes = vectors.to_vector<double>();
  const auto cols = static_cast<std::size_t>(vectors.cols());
  std::vector<double> sums(wholes.size(), 0.0);
  for (std::size_t at = 0; at < values.size(); ++at) {
    const std::size_t position = at / cols / static_cast<std::size_t>(parts_);
    sums[position * cols + at % cols] += values[at];
  }
  double largest = 0, magnitude = 0;
  for (std::size_t at = 0; at < sums.size(); ++at) {
    largest = std::max(largest, std::abs(sums[at] - wholes[at]));
    magnitude = std::max(magnitude, std::abs(wholes[at]));
  }
  return magnitude > 0 ? largest / magnitude : largest;
}

}  // namespace ascribo

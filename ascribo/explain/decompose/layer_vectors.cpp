// SPDX-License-Identifier: MIT
// With known scales a norm is linear: L(v) = gamma (v - mean(v)), or gamma v for a norm by root
// mean square. Applied to the rows of the output projection, it costs no more than that.
#include "ascribo/explain/decompose/layer_vectors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/explain/decompose/norm_map.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/decompose/linear_parts.h"
#include "ascribo/ops/decompose/transposed.h"

namespace ascribo {
namespace {

/// Each row the same; zeros where there is none.
Tensor repeated(const Tensor& row, const Tensor& like) {
  Tensor y = Tensor::zeros(like.shape(), like.dtype());
  if (!row.defined()) return y;
  for_type(like.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < like.rows(); ++i) {
      std::copy_n(row.data<T>(), row.numel(), y.mutable_data<T>() + i * like.cols());
    }
  });
  return y;
}

Tensor sum_of(const Tensor& a, const Tensor& b) { return ops::add(a, b).value(); }

/// Of every query and key, whether the query attends to it at all or is the same token.
std::vector<char> seen_pairs(const Tensor& probs, std::size_t tokens) {
  std::vector<char> seen(tokens * tokens, 0);
  for (std::size_t i = 0; i < tokens; ++i) seen[i * tokens + i] = 1;
  for_type(probs.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* prob = probs.data<T>();
    for (const T* const end = prob + probs.numel(); prob != end; prob += seen.size()) {
      for (std::size_t at = 0; at < seen.size(); ++at) {
        seen[at] = static_cast<char>(seen[at] | (prob[at] != 0));
      }
    }
  });
  return seen;
}

/// Follows a layer's parts and what is no token's through its norms.
class Following {
 public:
  explicit Following(const LayerView& view)
      : rows_(ops::transposed(ops::matrix_of(view.layer->attn_out))),
        own_(view.input.clone()),
        whole_(sum_of(view.attn_out, view.input)),
        rest_(repeated(ops::bias_of(view.layer->attn_out), view.input)),
        scales_(static_cast<std::size_t>(view.tokens()), 1.0) {}

  void pass(const Norm& norm) {
    const std::vector<double> scales = norm_scales(norm, whole_);
    whole_ = normalised(norm, whole_, scales);
    rest_ = normalised(norm, rest_, scales);
    map_rows(norm, rows_);
    map_rows(norm, own_);
    for (std::size_t i = 0; i < scales.size(); ++i) scales_[i] *= scales[i];
  }

  /// What another block adds belongs to no token.
  void add_rest(const Tensor& more) {
    whole_ = sum_of(whole_, more);
    rest_ = sum_of(rest_, more);
  }

  LayerVectors done(const LayerView& view) const {
    return {{view.probs, ops::head_products(view.values, rows_, view.heads), own_},
            scales_,
            whole_,
            rest_};
  }

 private:
  Tensor rows_, own_, whole_, rest_;
  std::vector<double> scales_;
};

double error_of_sums(const LayerVectors& vectors, const Tensor& sums) {
  double largest = 0, magnitude = 0;
  for_type(sums.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *part = sums.data<T>(), *rest = vectors.rest.data<T>();
    const T* whole = vectors.wholes.data<T>();
    for (const double scale : vectors.scales) {
      for (const T* const end = part + sums.cols(); part != end; ++part, ++rest, ++whole) {
        const double found = scale * static_cast<double>(*part) + static_cast<double>(*rest);
        largest = std::max(largest, std::abs(found - static_cast<double>(*whole)));
        magnitude = std::max(magnitude, std::abs(static_cast<double>(*whole)));
      }
    }
  });
  return magnitude > 0 ? largest / magnitude : largest;
}

}  // namespace

TokenTable LayerVectors::measured(const Tensor& other_ends, ops::VectorNorm norm) {
  const ops::MeasuredPairs found = ops::measure_pairs(pairs, other_ends, norm);
  recomposition_error = error_of_sums(*this, found.sums);
  TokenTable table = table_of(found.norms);
  auto cell = table.cells.begin();
  for (const double scale : scales) {
    for (std::size_t j = 0; j < table.size; ++j) *cell++ *= scale;
  }
  return table;
}

TokenTable LayerVectors::norms(ops::VectorNorm norm) { return measured({}, norm); }

TokenTable LayerVectors::distances(ops::VectorNorm norm) {
  Tensor unscaled = Tensor::empty(wholes.shape(), wholes.dtype());
  for_type(wholes.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* value = wholes.data<T>();
    T* to = unscaled.mutable_data<T>();
    for (const double scale : scales) {
      for (const T* const end = value + wholes.cols(); value != end; ++value, ++to) {
        *to = static_cast<T>(static_cast<double>(*value) / scale);
      }
    }
  });
  return measured(unscaled, norm);
}

std::vector<double> LayerVectors::whole_norms(ops::VectorNorm norm) const {
  std::vector<double> norms(scales.size(), 0.0);
  for_type(wholes.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* value = wholes.data<T>();
    for (double& sum : norms) {
      for (const T* const end = value + wholes.cols(); value != end; ++value) {
        const auto x = static_cast<double>(*value);
        sum += norm == ops::VectorNorm::kL1 ? std::abs(x) : x * x;
      }
    }
  });
  if (norm == ops::VectorNorm::kL2) {
    for (double& each : norms) each = std::sqrt(each);
  }
  return norms;
}

LayerVectors layer_vectors(const LayerView& view, AfterNorm after) {
  Following following(view);
  if (view.layer->norm_first) {
    ASCRIBO_ASSERT(after == AfterNorm::kFirst);
    return following.done(view);
  }
  following.pass(view.layer->attn_norm);
  if (after == AfterNorm::kSecond) {
    following.add_rest(view.ffn_out);
    following.pass(view.layer->ffn_norm);
  }
  return following.done(view);
}

TokenTable alti_contributions(LayerVectors& vectors, ops::VectorNorm norm) {
  TokenTable table = vectors.distances(norm);
  const std::vector<double> wholes = vectors.whole_norms(norm);
  const std::vector<char> seen = seen_pairs(vectors.pairs.probs, table.size);
  for (std::size_t at = 0; at < table.cells.size(); ++at) {
    // What is not seen gives nothing, not what the two norms differ by in rounding.
    const double left = seen[at] != 0 ? table.cells[at] : wholes[at / table.size];
    table.cells[at] = std::max(0.0, wholes[at / table.size] - left);
  }
  normalize_rows(table);
  return table;
}

}  // namespace ascribo

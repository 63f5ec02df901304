// SPDX-License-Identifier: MIT
// What each token gives each other one in a layer's attention block, as vectors.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "ascribo/explain/decompose/layer_walk.h"
#include "ascribo/explain/decompose/token_tables.h"
#include "ascribo/ops/decompose/pair_vectors.h"

namespace ascribo {

/// Up to where vectors are followed.
enum class AfterNorm {
  kFirst,   ///< the output of the attention block: after its norm where that comes last
  kSecond,  ///< the layer's output, without what the feed-forward block adds
};

template <>
struct EnumNames<AfterNorm> {
  static constexpr std::array<std::string_view, 2> kNames = {"first", "second"};
};

/// T_ij = scales_i v_ij with v_ij = sum_h A_h[i, j] L(V_j W_h) + [i = j] L(x_j): the part of
/// token i's vector that comes from token j. L is what norms do when their scales are known: for
/// a layer that begins with its norm, nothing. Kobayashi et al. 2021.
struct LayerVectors {
  ops::PairVectors pairs;
  std::vector<double> scales;  ///< 1 / the standard deviations that norms divide by
  Tensor wholes;               ///< y_i `[tokens, hidden]`, of which T_ij are parts
  Tensor rest;                 ///< `[tokens, hidden]`: biases, which are no token's
  /// max_i,d |sum_j T_ij + rest_i - y_i|, as a share of the largest |y_i,d|; known once vectors
  /// have been measured.
  double recomposition_error = 0;

  /// ||T_ij||
  TokenTable norms(ops::VectorNorm norm);
  /// ||y_i - T_ij||
  TokenTable distances(ops::VectorNorm norm);
  /// ||y_i||
  std::vector<double> whole_norms(ops::VectorNorm norm) const;

 private:
  TokenTable measured(const Tensor& other_ends, ops::VectorNorm norm);
};

/// `after` kSecond needs a layer that ends with a norm.
LayerVectors layer_vectors(const LayerView& view, AfterNorm after);

/// The contributions of ALTI (Ferrando, Gallego, Costa-jussa 2022): max(0, ||y_i|| - ||y_i -
/// T_ij||), rows divided by their sums.
TokenTable alti_contributions(LayerVectors& vectors, ops::VectorNorm norm);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// A text's vectors as sums of parts, one for each token, carried through layers and head
// (Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh, Pilehvar 2023: DecompX).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ascribo/explain/decompose/layer_walk.h"
#include "ascribo/explain/decompose/token_tables.h"

namespace ascribo {

/// What share of a bias b each part x_k of a vector gets.
enum class BiasRule {
  kAbsDot,  ///< |x_k . b|
  kAbsSim,  ///< |cos(x_k, b)|
  kNorm,    ///< ||x_k||
  kEqual,
  kFirst,  ///< all of it is the first token's
  kApart,  ///< all of it is a part of its own
};

template <>
struct EnumNames<BiasRule> {
  static constexpr std::array<std::string_view, 6> kNames = {"absdot", "abssim", "norm",
                                                             "equal",  "first",  "apart"};
};

/// The parts of every token's vector, `[tokens * parts, hidden]`: those of a token one after
/// another, the bias's own last if it has one. Takes memory for tokens^2 x hidden numbers.
class CarriedParts {
 public:
  /// Each token's vector is a part of its own.
  CarriedParts(const Tensor& vectors, BiasRule rule);

  /// Goes through one layer that ends with a norm.
  void pass(const LayerView& view);
  /// What the parts of one answer come to: `[parts, outputs]`. `rows` are averaged, if several.
  Tensor answer(const Head& head, const std::vector<std::int64_t>& rows, const Tensor& last) const;

  std::int64_t parts() const { return parts_; }
  /// ||x_i^k||, without the bias's own.
  TokenTable norms() const;
  /// max_i,d |sum_k x_i^k - vectors_i| as a share of the largest |vectors_i,d|.
  double error(const Tensor& vectors) const;

 private:
  Tensor attend(const LayerView& view) const;

  std::int64_t tokens_, parts_;
  BiasRule rule_;
  Tensor rows_;
};

}  // namespace ascribo

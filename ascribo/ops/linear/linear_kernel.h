// SPDX-License-Identifier: MIT
// A weight as the operations of this room multiply with it: what is made of the tables, each part
// when it is first needed.
#pragma once

#include <memory>

#include "ascribo/ops/linear.h"
#include "ascribo/ops/onednn/weight_matrix.h"

namespace ascribo {

struct MadeOfTables;

struct LinearWeight::State {
  StoredWeight weight;
  StoredWeight bias;  ///< its table may be undefined
  Dtype compute = Dtype::kF32;
  std::shared_ptr<MadeOfTables> made;
};

/// Makes what products need, each part once even when several threads ask for it first.
struct LinearKernel {
  using State = LinearWeight::State;

  static std::shared_ptr<State> state(const LinearWeight& weight) { return weight.state_; }
  /// The bias in the compute dtype, with zeros up to a multiple of 16; undefined without bias.
  static const Tensor& addend(State& state);
  /// The weight in the compute dtype, kF64.
  static const Tensor& plain(State& state);
  /// B of y = x B in a precision that this CPU has: the weight's transpose, and the weight itself.
  static const ops::WeightMatrix& forward(State& state, Precision precision);
  static const ops::WeightMatrix& backward(State& state, Precision precision);
  /// Both, from one conversion of the weight.
  static void make_both(State& state, Precision precision);
};

/// Of a product with `rows` rows: multiplications and additions, and what is read and written once.
struct ProductWork {
  ProductWork(std::int64_t rows, const LinearKernel::State& state);
  double operations, bytes;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// A weight as checkpoints store it: by itself, among others in one table, or turned round.
#pragma once

#include <cstdint>
#include <span>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

/// A weight `[out, in]` within a table `[rows, in]`. Output o is row first + (o / width) * stride +
/// o % width: one stretch of rows, or, where the queries, keys and values of a head stand together,
/// a stretch of every head. With `in_first` the table is `[in, columns]`, and so are its columns
/// counted (GPT-2's Conv1D).
struct StoredWeight {
  Tensor table;
  std::int64_t first = 0, width = 0, stride = 0, stretches = 1;
  bool in_first = false;

  /// All of a table `[out, in]`.
  static StoredWeight whole(const Tensor& table) { return {table, 0, table.dim(0), table.dim(0)}; }

  std::int64_t out() const { return width * stretches; }
  std::int64_t in() const { return table.dim(in_first ? 0 : 1); }

  /// `[out, in]`, or with in_first `[in, out]`, in the table's dtype; the table's own memory where
  /// it lies there so.
  Tensor plain() const;
  /// `[out, in]` in `dtype`.
  Tensor to(Dtype dtype) const;
  /// Of these outputs alone: `[outputs, in]` in `dtype`.
  Tensor rows(std::span<const std::int64_t> outputs, Dtype dtype) const;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Which rows of a value have a gradient, seed by seed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

/// Rows [row, row + count) of a value.
struct RowRange {
  std::int64_t row = 0, count = 0;
  bool operator==(const RowRange&) const = default;
};

/// The rows (entries of the first dimension) of a value in which each seed's gradient may differ
/// from zero. The gradient holds these rows alone, one seed's after another's: a target of a causal
/// model has no gradient at its own place and after it. Immutable; const methods may be called
/// concurrently.
class GradientRows {
 public:
  /// Rows [row, row + count) of the value are rows [at, at + count) of the gradient.
  struct Range {
    std::int64_t row = 0, count = 0, at = 0;
    bool operator==(const Range&) const = default;
  };

  /// `rows` are those of the value; ranges of a seed ascend and do not overlap.
  GradientRows(std::int64_t rows, const std::vector<std::vector<RowRange>>& by_seed);
  static std::shared_ptr<const GradientRows> all(std::int64_t seeds, std::int64_t rows);
  /// All that either has.
  static std::shared_ptr<const GradientRows> either(const std::shared_ptr<const GradientRows>& a,
                                                    const std::shared_ptr<const GradientRows>& b);

  std::int64_t seeds() const { return static_cast<std::int64_t>(starts_.size()) - 1; }
  std::int64_t rows() const { return rows_; }             ///< of the value
  std::int64_t size() const { return size_; }             ///< rows of the gradient
  bool full() const { return size_ == seeds() * rows_; }  ///< every seed has every row
  std::span<const Range> of(std::int64_t seed) const;
  /// Those of a seed's ranges that meet rows [begin, end).
  std::span<const Range> meeting(std::int64_t seed, std::int64_t begin, std::int64_t end) const;
  /// What a seed has of rows [begin, end), perhaps no rows; nothing when that is not one range.
  std::optional<Range> within(std::int64_t seed, std::int64_t begin, std::int64_t end) const;
  /// By row of the gradient: its row of the value.
  const std::vector<std::int64_t>& sources() const;
  bool operator==(const GradientRows& other) const;

  /// `[seeds, ...value]` when full, else `[size, ...]`.
  Shape shape(const Shape& value) const;

 private:
  std::int64_t rows_ = 0, size_ = 0;
  std::vector<Range> ranges_;
  std::vector<std::size_t> starts_{0};  // of each seed's ranges
  mutable std::once_flag sources_once_;
  mutable std::vector<std::int64_t> sources_;
};

using GradientRowsPtr = std::shared_ptr<const GradientRows>;

/// Adds a gradient in the rows `own` to one that has these and more.
void add_rows(const Tensor& gradient, const GradientRows& own, Tensor& sum,
              const GradientRows& all);

}  // namespace ascribo

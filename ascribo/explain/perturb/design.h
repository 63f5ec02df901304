// SPDX-License-Identifier: MIT
// Which units are hidden in which row: the experiments that a perturbation method asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ascribo {

/// A matrix of flags `[rows, units]`, 1: hidden.
class Design {
 public:
  explicit Design(std::size_t units = 0) : units_(units) {}

  std::size_t units() const { return units_; }
  std::size_t rows() const { return rows_; }
  std::span<const std::uint8_t> row(std::size_t index) const {
    return std::span(flags_).subspan(index * units_, units_);
  }
  /// Appends a row with nothing hidden and hands it out to be written; good until the next call.
  std::span<std::uint8_t> add() {
    flags_.resize(flags_.size() + units_, 0);
    ++rows_;
    return std::span(flags_).last(units_);
  }
  /// Appends a row with everything hidden.
  void add_everything() {
    flags_.resize(flags_.size() + units_, 1);
    ++rows_;
  }
  void add(std::span<const std::uint8_t> row) {
    flags_.insert(flags_.end(), row.begin(), row.end());
    ++rows_;
  }

 private:
  std::size_t units_, rows_ = 0;
  std::vector<std::uint8_t> flags_;
};

}  // namespace ascribo

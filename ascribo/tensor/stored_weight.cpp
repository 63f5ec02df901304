// SPDX-License-Identifier: MIT
// Gathers the rows or columns of one weight from a table.
#include "ascribo/tensor/stored_weight.h"

#include <cstring>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

template <class T>
void turn(const Tensor& from, Tensor& to) {
  const std::int64_t rows = from.dim(0), cols = from.dim(1);
  const T* source = from.data<T>();
  T* target = to.mutable_data<T>();
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t col = 0; col < cols; ++col)
      target[col * rows + row] = source[row * cols + col];
  }
}

}  // namespace

Tensor StoredWeight::plain() const {
  ASCRIBO_ASSERT(first + (stretches - 1) * stride + width <= table.dim(in_first ? 1 : 0));
  if (!in_first && stretches == 1) return table.slice(first, first + width);
  if (in_first && out() == table.dim(1) && stretches == 1) return table;
  // Whole rows are moved, or with in_first the columns of every row.
  const std::int64_t rows = in_first ? in() : 1;
  const std::size_t entry =
      dtype_size(table.dtype()) * static_cast<std::size_t>(in_first ? 1 : in());
  const auto at = [&](std::int64_t place) { return static_cast<std::size_t>(place) * entry; };
  Tensor found = Tensor::empty(in_first ? Shape{in(), out()} : Shape{out(), in()}, table.dtype());
  const auto* from = static_cast<const std::byte*>(table.raw());
  auto* to = static_cast<std::byte*>(found.mutable_raw());
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t n = 0; n < stretches; ++n) {
      std::memcpy(to + at(row * out() + n * width),
                  from + at(row * table.dim(1) * (in_first ? 1 : 0) + first + n * stride),
                  at(width));
    }
  }
  return found;
}

Tensor StoredWeight::to(Dtype dtype) const {
  Tensor found = plain().to(dtype);
  if (!in_first) return found;
  Tensor turned = Tensor::empty({out(), in()}, dtype);
  (dtype == Dtype::kF32 ? turn<float> : turn<double>)(found, turned);
  return turned;
}

Tensor StoredWeight::rows(std::span<const std::int64_t> outputs, Dtype dtype) const {
  const std::size_t entry = dtype_size(table.dtype());
  const auto* from = static_cast<const std::byte*>(table.raw());
  Tensor found = Tensor::empty({std::ssize(outputs), in()}, table.dtype());
  auto* to = static_cast<std::byte*>(found.mutable_raw());
  for (const std::int64_t output : outputs) {
    ASCRIBO_ASSERT(output >= 0 && output < out());
    const std::int64_t place = first + output / width * stride + output % width;
    for (std::int64_t i = 0; in_first && i < in(); ++i, to += entry) {
      std::memcpy(to, from + static_cast<std::size_t>(i * table.dim(1) + place) * entry, entry);
    }
    if (in_first) continue;
    const std::size_t row = entry * static_cast<std::size_t>(in());
    std::memcpy(to, from + static_cast<std::size_t>(place) * row, row);
    to += row;
  }
  return found.to(dtype);
}

}  // namespace ascribo

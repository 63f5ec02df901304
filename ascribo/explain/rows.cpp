// SPDX-License-Identifier: MIT
// Copies and clears rows as bytes: zero is all bits zero in both element types.
#include "ascribo/explain/rows.h"

#include <cstddef>
#include <cstring>

#include "ascribo/base/assert.h"

namespace ascribo {

void copy_rows(const Tensor& from, Tensor& to) {
  ASCRIBO_ASSERT(from.shape() == to.shape() && from.dtype() == to.dtype());
  std::memcpy(to.mutable_raw(), from.raw(), from.bytes());
}

void clear_row(Tensor& values, std::int64_t row) {
  ASCRIBO_ASSERT(row >= 0 && row < values.rows());
  const std::size_t bytes = static_cast<std::size_t>(values.cols()) * dtype_size(values.dtype());
  auto* data = static_cast<std::byte*>(values.mutable_raw());
  std::memset(data + static_cast<std::size_t>(row) * bytes, 0, bytes);
}

}  // namespace ascribo

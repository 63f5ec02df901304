// SPDX-License-Identifier: MIT
// A dense row-major array with shared, pooled storage.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/tensor/dtype.h"

namespace ascribo {

using Shape = std::vector<std::int64_t>;

std::int64_t numel(const Shape& shape);
std::string to_string(const Shape& shape);  ///< "[2, 31, 768]"

/// A handle to contiguous elements. Copying shares the storage; clone() copies it. Storage comes
/// from the pool (tensor/pool.h), 64-byte aligned, or is borrowed from memory that `owner` keeps
/// alive (a mapped file). Handles may be read concurrently; writing needs the only thread.
class Tensor {
 public:
  Tensor() = default;

  static Tensor empty(Shape shape, Dtype dtype = Dtype::kF32);
  static Tensor zeros(Shape shape, Dtype dtype = Dtype::kF32);
  template <class T>
  static Tensor from(std::span<const T> values, const Shape& shape);
  /// Elements that live elsewhere; they are never written to.
  static Tensor borrow(const void* data, Shape shape, Dtype dtype,
                       std::shared_ptr<const void> owner);

  bool defined() const { return data_ != nullptr || !shape_.empty(); }
  const Shape& shape() const { return shape_; }
  std::int64_t dim(int axis) const;  ///< negative axes count from the end
  std::int64_t numel() const { return ascribo::numel(shape_); }
  std::int64_t rows() const;  ///< product of all dimensions but the last
  std::int64_t cols() const { return dim(-1); }
  Dtype dtype() const { return dtype_; }
  std::size_t bytes() const { return static_cast<std::size_t>(numel()) * dtype_size(dtype_); }

  template <class T>
  const T* data() const;
  template <class T>
  T* mutable_data();
  const void* raw() const { return data_; }
  void* mutable_raw();

  Tensor reshape(Shape shape) const;  ///< same storage
  /// Entries [begin, end) of the first dimension; same storage.
  Tensor slice(std::int64_t begin, std::int64_t end) const;
  Tensor clone() const;
  /// The values in another element type (any to kF32 or kF64); the same storage when they already
  /// are of that type.
  Tensor to(Dtype dtype) const;
  /// True when no other handle shares the storage, so that it may be written in place.
  bool unique() const { return !borrowed_ && owner_.use_count() == 1; }

  /// The values, converted if need be.
  template <class T>
  std::vector<T> to_vector() const;

 private:
  void* data_ = nullptr;
  Shape shape_;
  Dtype dtype_ = Dtype::kF32;
  bool borrowed_ = false;
  std::shared_ptr<const void> owner_;
};

template <class T>
const T* Tensor::data() const {
  ASCRIBO_ASSERT(dtype_ == dtype_of<T>());
  return static_cast<const T*>(data_);
}

template <class T>
T* Tensor::mutable_data() {
  ASCRIBO_ASSERT(dtype_ == dtype_of<T>());
  return static_cast<T*>(mutable_raw());
}

}  // namespace ascribo

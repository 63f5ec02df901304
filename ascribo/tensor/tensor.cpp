// SPDX-License-Identifier: MIT
// Handles, views and copies of dense arrays.
#include "ascribo/tensor/tensor.h"

#include <algorithm>
#include <cstring>

#include "ascribo/tensor/convert.h"
#include "ascribo/tensor/pool.h"

namespace ascribo {

std::int64_t numel(const Shape& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) product *= size;
  return product;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(size);
  }
  return text + "]";
}

Tensor Tensor::empty(Shape shape, Dtype dtype) {
  ASCRIBO_ASSERT(std::all_of(shape.begin(), shape.end(), [](auto size) { return size >= 0; }));
  Tensor tensor;
  tensor.shape_ = std::move(shape);
  tensor.dtype_ = dtype;
  auto storage = pool_allocate(tensor.bytes());
  tensor.data_ = storage.get();
  tensor.owner_ = std::move(storage);
  return tensor;
}

Tensor Tensor::zeros(Shape shape, Dtype dtype) {
  Tensor tensor = empty(std::move(shape), dtype);
  std::memset(tensor.data_, 0, tensor.bytes());
  return tensor;
}

template <class T>
Tensor Tensor::from(std::span<const T> values, const Shape& shape) {
  Tensor tensor = empty(shape, dtype_of<T>());
  ASCRIBO_ASSERT(static_cast<std::int64_t>(values.size()) == tensor.numel());
  std::copy(values.begin(), values.end(), tensor.mutable_data<T>());
  return tensor;
}

Tensor Tensor::borrow(const void* data, Shape shape, Dtype dtype,
                      std::shared_ptr<const void> owner) {
  Tensor tensor;
  tensor.data_ = const_cast<void*>(data);
  tensor.shape_ = std::move(shape);
  tensor.dtype_ = dtype;
  tensor.borrowed_ = true;
  tensor.owner_ = std::move(owner);
  return tensor;
}

std::int64_t Tensor::dim(int axis) const {
  const int index = axis < 0 ? axis + static_cast<int>(shape_.size()) : axis;
  ASCRIBO_ASSERT(index >= 0 && index < static_cast<int>(shape_.size()));
  return shape_[static_cast<std::size_t>(index)];
}

std::int64_t Tensor::rows() const {
  ASCRIBO_ASSERT(!shape_.empty());
  std::int64_t product = 1;
  for (std::size_t i = 0; i + 1 < shape_.size(); ++i) product *= shape_[i];
  return product;
}

void* Tensor::mutable_raw() {
  ASCRIBO_ASSERT(!borrowed_);
  return data_;
}

Tensor Tensor::reshape(Shape shape) const {
  ASCRIBO_ASSERT(ascribo::numel(shape) == numel());
  Tensor view = *this;
  view.shape_ = std::move(shape);
  return view;
}

Tensor Tensor::slice(std::int64_t begin, std::int64_t end) const {
  ASCRIBO_ASSERT(!shape_.empty() && begin >= 0 && begin <= end && end <= shape_[0]);
  Tensor view = *this;
  view.shape_[0] = 1;
  const std::size_t stride = view.bytes();
  view.shape_[0] = end - begin;
  view.data_ = static_cast<char*>(data_) + static_cast<std::size_t>(begin) * stride;
  return view;
}

Tensor Tensor::clone() const {
  Tensor copy = empty(shape_, dtype_);
  if (bytes() > 0) std::memcpy(copy.data_, data_, bytes());
  return copy;
}

Tensor Tensor::to(Dtype dtype) const {
  if (dtype == dtype_) return *this;
  Tensor result = empty(shape_, dtype);
  convert(data_, dtype_, result.data_, dtype, numel());
  return result;
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  std::vector<T> values(static_cast<std::size_t>(numel()));
  convert(data_, dtype_, values.data(), dtype_of<T>(), numel());
  return values;
}

template Tensor Tensor::from<float>(std::span<const float>, const Shape&);
template Tensor Tensor::from<double>(std::span<const double>, const Shape&);
template std::vector<float> Tensor::to_vector<float>() const;
template std::vector<double> Tensor::to_vector<double>() const;

}  // namespace ascribo

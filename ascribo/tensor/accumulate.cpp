// SPDX-License-Identifier: MIT
// Element-wise sums that copy only when the storage is shared.
#include "ascribo/tensor/accumulate.h"

namespace ascribo {
namespace {

template <class T>
void sum_into(T* out, const T* a, const T* b, std::int64_t count) {
  constexpr std::int64_t kBlock = 32;
  std::int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    T block[kBlock];  // out may be a: going through a copy tells the compiler that it does not
                      // matter
    for (std::int64_t j = 0; j < kBlock; ++j) block[j] = a[i + j] + b[i + j];
    for (std::int64_t j = 0; j < kBlock; ++j) out[i + j] = block[j];
  }
  for (; i < count; ++i) out[i] = a[i] + b[i];
}

}  // namespace

void accumulate(Tensor& sum, const Tensor& term) {
  ASCRIBO_ASSERT(sum.shape() == term.shape() && sum.dtype() == term.dtype());
  Tensor result = sum.unique() ? sum : Tensor::empty(sum.shape(), sum.dtype());
  const std::int64_t count = sum.numel();
  if (sum.dtype() == Dtype::kF32) {
    sum_into(result.mutable_data<float>(), sum.data<float>(), term.data<float>(), count);
  } else {
    sum_into(result.mutable_data<double>(), sum.data<double>(), term.data<double>(), count);
  }
  sum = std::move(result);
}

}  // namespace ascribo

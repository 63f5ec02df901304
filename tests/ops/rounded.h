// SPDX-License-Identifier: MIT
// What numbers are once they were rounded to bf16.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "ascribo/ops/simd/bf16.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::test {

/// A tensor's values, rounded to bf16.
inline std::vector<double> rounded_values(const Tensor& x) {
  std::vector<std::uint16_t> halves(static_cast<std::size_t>(x.numel()));
  ops::simd::round_to_bf16(x.data<float>(), x.numel(), halves.data());
  std::vector<double> back;
  for (const std::uint16_t half : halves) {
    back.push_back(static_cast<double>(std::bit_cast<float>(std::uint32_t{half} << 16)));
  }
  return back;
}

}  // namespace ascribo::test

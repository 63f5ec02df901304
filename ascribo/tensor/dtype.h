// SPDX-License-Identifier: MIT
// The element types a tensor may hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ascribo {

/// kF32 and kF64 are computed with; kF16 and kBF16 are only stored (weights as published).
enum class Dtype : std::uint8_t { kF32, kF64, kF16, kBF16 };

/// How matrix products with weights are computed where the rest is in single precision.
enum class Precision : std::uint8_t {
  kFp32,
  kBf16,    ///< factors rounded to bf16, sums in single precision; fp32 on CPUs without bf16
  kBf16x3,  ///< each factor the sum of two in bf16, errors near 1e-5; fp32 on CPUs without bf16
  kAuto,    ///< kBf16x3 where that is faster than kFp32, which is on CPUs with AMX; else kFp32
};

constexpr std::size_t dtype_size(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF32: return 4;
    case Dtype::kF64: return 8;
    default: return 2;
  }
}

/// As safetensors writes it: "F32", "F64", "F16", "BF16".
constexpr std::string_view dtype_name(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF32: return "F32";
    case Dtype::kF64: return "F64";
    case Dtype::kF16: return "F16";
    default: return "BF16";
  }
}

template <class T>
constexpr Dtype dtype_of() {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "only float and double are computed with");
  return sizeof(T) == 4 ? Dtype::kF32 : Dtype::kF64;
}

}  // namespace ascribo

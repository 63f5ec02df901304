// SPDX-License-Identifier: MIT
// Conversions as plain loops over short fixed blocks, which compilers turn into SIMD code, once for
// each generation of processors; the right one is chosen at run time.
#include "ascribo/tensor/convert.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ascribo/base/assert.h"

#if defined(__x86_64__) && defined(__linux__)
#define ASCRIBO_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ASCRIBO_EVERY_PROCESSOR
#endif

namespace ascribo {
namespace {

struct Half {
  std::uint16_t bits;
};
struct Brain {
  std::uint16_t bits;
};

// IEEE half to single without branches: the exponent is moved by the difference of the biases
// (127 - 15); infinities and NaN get it twice, subnormals are normalised by a subtraction.
inline float widen(Half half) {
  constexpr std::uint32_t kExponent = 0x1Fu << 23;
  const std::uint32_t magnitude = (half.bits & 0x7FFFu) << 13;
  const std::uint32_t exponent = magnitude & kExponent;
  const std::uint32_t moved = magnitude + (112u << 23);
  const std::uint32_t special = moved + (112u << 23);
  const float subnormal = std::bit_cast<float>(moved + (1u << 23)) - 0x1p-14f;
  const std::uint32_t finite = exponent == 0 ? std::bit_cast<std::uint32_t>(subnormal) : moved;
  const std::uint32_t value = exponent == kExponent ? special : finite;
  return std::bit_cast<float>(value | (half.bits & 0x8000u) << 16);
}

inline float widen(Brain brain) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(brain.bits) << 16);
}

inline float widen(float value) { return value; }
inline double widen(double value) { return value; }

// Inlined into each clone, so that it is compiled for its processor.
template <class From, class To>
[[gnu::always_inline]] inline void convert_all(const void* from, void* to, std::int64_t count) {
  constexpr std::int64_t kBlock = 32;  // a known trip count is vectorised at -O2, too
  const auto* source = static_cast<const From*>(from);
  auto* target = static_cast<To*>(to);
  std::int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (std::int64_t j = 0; j < kBlock; ++j) target[i + j] = static_cast<To>(widen(source[i + j]));
  }
  for (; i < count; ++i) target[i] = static_cast<To>(widen(source[i]));
}

template <class To>
[[gnu::always_inline]] inline void convert_to(const void* from, Dtype source, void* to,
                                              std::int64_t count) {
  switch (source) {
    case Dtype::kF32: return convert_all<float, To>(from, to, count);
    case Dtype::kF64: return convert_all<double, To>(from, to, count);
    case Dtype::kF16: return convert_all<Half, To>(from, to, count);
    case Dtype::kBF16: return convert_all<Brain, To>(from, to, count);
  }
}

ASCRIBO_EVERY_PROCESSOR void to_single(const void* from, Dtype source, void* to,
                                       std::int64_t count) {
  convert_to<float>(from, source, to, count);
}

ASCRIBO_EVERY_PROCESSOR void to_double(const void* from, Dtype source, void* to,
                                       std::int64_t count) {
  convert_to<double>(from, source, to, count);
}

}  // namespace

void convert(const void* from, Dtype source, void* to, Dtype target, std::int64_t count) {
  ASCRIBO_ASSERT(target == Dtype::kF32 || target == Dtype::kF64);
  if (count == 0) return;
  if (source == target) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * dtype_size(target));
  } else if (target == Dtype::kF32) {
    to_single(from, source, to, count);
  } else {
    to_double(from, source, to, count);
  }
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Rewrites tensors in the short floating-point types that checkpoints are published in.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "tests/stored_tensors.h"

namespace ascribo::test {

/// Stores every tensor in a shorter type, cutting digits off, and puts the values that are left
/// into `kept` as F32.
inline void shorten(StoredTensors& tensors, StoredTensors& kept, bool brain) {
  kept = tensors;
  for (auto& [name, tensor] : tensors) {
    std::string bytes;
    for (std::size_t i = 0; i < tensor.bytes.size(); i += 4) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, tensor.bytes.data() + i, 4);
      std::uint16_t stored = 0;
      const std::uint32_t exponent = (bits >> 23) & 0xFFU;
      if (brain) {
        bits &= 0xFFFF0000U;
        stored = static_cast<std::uint16_t>(bits >> 16);
      } else {
        bits = exponent < 113 ? 0 : bits & ~0x1FFFU;  // below 2^-14 halves lose digits: cut to 0
        stored = static_cast<std::uint16_t>(
            bits == 0 ? 0 : (bits >> 16 & 0x8000U) | ((bits & 0x7FFFFFFFU) - (112U << 23)) >> 13);
      }
      bytes.append(reinterpret_cast<const char*>(&stored), 2);
      std::memcpy(kept[name].bytes.data() + i, &bits, 4);
    }
    tensor.dtype = brain ? "BF16" : "F16";
    tensor.bytes = bytes;
  }
}

}  // namespace ascribo::test

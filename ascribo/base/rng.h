// SPDX-License-Identifier: MIT
// Random numbers that depend on what they are for, not on who asked before.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

namespace ascribo {

/// Philox4x32 with ten rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):
/// the same counter and key always give the same four words.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// One stream of numbers, chosen by a seed and by what it is for, e.g. Rng(seed, {input, sample}).
/// Streams with different numbers are independent; making one costs next to nothing. Not safe for
/// concurrent use: give each thread's item its own stream.
class Rng {
 public:
  explicit Rng(std::uint64_t seed, std::initializer_list<std::uint64_t> stream = {});

  std::uint32_t bits();                  ///< 32 random bits
  float uniform_float();                 ///< in [0, 1), a multiple of 2^-24
  double uniform();                      ///< in [0, 1), a multiple of 2^-53
  double normal();                       ///< mean 0, variance 1
  std::uint64_t below(std::uint64_t n);  ///< in [0, n), each equally likely; n > 0

 private:
  std::uint64_t bits64();
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> block_{};
  std::uint64_t next_block_ = 0;
  unsigned used_ = 4;  // words of block_ already given out
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace ascribo

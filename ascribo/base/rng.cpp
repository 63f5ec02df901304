// SPDX-License-Identifier: MIT
// Philox4x32-10 and the distributions over it.
#include "ascribo/base/rng.h"

#include <cmath>
#include <numbers>

#include "ascribo/base/assert.h"

namespace ascribo {

namespace {

// The paper's constants: two multipliers, and the golden ratio and sqrt(3) - 1 for the key.
constexpr std::uint64_t kMultiplierA = 0xD2511F53, kMultiplierB = 0xCD9E8D57;
constexpr std::uint32_t kKeyStepA = 0x9E3779B9, kKeyStepB = 0xBB67AE85;
constexpr int kRounds = 10;

constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint32_t high(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t a = kMultiplierA * counter[0];
    const std::uint64_t b = kMultiplierB * counter[2];
    counter = {high(b) ^ counter[1] ^ key[0], low(b), high(a) ^ counter[3] ^ key[1], low(a)};
    key[0] += kKeyStepA;
    key[1] += kKeyStepB;
  }
  return counter;
}

// The stream's numbers are folded into the key one by one. The last counter word, never used by
// the stream itself, holds their place, so that {1, 2} and {2, 1} differ and so do {} and {0}.
Rng::Rng(std::uint64_t seed, std::initializer_list<std::uint64_t> stream)
    : key_{low(seed), high(seed)} {
  std::uint32_t place = 0;
  for (const std::uint64_t number : stream) {
    const auto mixed = philox({low(number), high(number), 0, ++place}, key_);
    key_ = {mixed[0], mixed[1]};
  }
}

std::uint32_t Rng::bits() {
  if (used_ == block_.size()) {
    block_ = philox({low(next_block_), high(next_block_), 0, 0}, key_);
    ++next_block_;
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t Rng::bits64() {
  const std::uint64_t first = bits();
  return (first << 32) | bits();
}

float Rng::uniform_float() { return static_cast<float>(bits() >> 8) * 0x1p-24F; }

double Rng::uniform() { return static_cast<double>(bits64() >> 11) * 0x1p-53; }

// Box and Muller 1958: (r cos t, r sin t) with r = sqrt(-2 ln u), t = 2 pi v are two normals.
double Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

// Numbers under 2^64 mod n are drawn again: what is left is a multiple of n long.
std::uint64_t Rng::below(std::uint64_t n) {
  ASCRIBO_ASSERT(n > 0);
  const std::uint64_t refused = (0 - n) % n;
  std::uint64_t drawn = bits64();
  while (drawn < refused) drawn = bits64();
  return drawn % n;
}

}  // namespace ascribo

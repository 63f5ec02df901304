// SPDX-License-Identifier: MIT
// y = m x with m = 0 or 1 / (1 - rate); dx = m dy. Eight values share a draw of the counter-based
// generator, 16 bits each.
#include "ascribo/ops/training/dropout.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/base/rng.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

constexpr std::int64_t kTogether = 8;
constexpr double kSteps = 65536;

using Mask = std::vector<std::uint8_t>;  // 1: stays

std::array<std::uint32_t, 2> halves(std::uint64_t word) {
  return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
}

std::shared_ptr<const Mask> draw(std::int64_t count, std::uint32_t left_out,
                                 const std::array<std::uint64_t, 2>& stream) {
  const auto mask = std::make_shared<Mask>(static_cast<std::size_t>(count));
  const auto key = halves(stream[0]), place = halves(stream[1]);
  const std::int64_t draws = (count + kTogether - 1) / kTogether;
  parallel_ranges(draws, 8 * kTogether, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto counter = halves(static_cast<std::uint64_t>(i));
      const auto words = philox({counter[0], counter[1], place[0], place[1]}, key);
      std::uint8_t* to = mask->data() + i * kTogether;
      const std::int64_t width = std::min(kTogether, count - i * kTogether);
      for (std::int64_t j = 0; j < width; ++j) {
        const std::uint32_t word = words[static_cast<std::size_t>(j / 2)];
        to[j] = ((j % 2 == 0 ? word & 0xFFFFU : word >> 16) >= left_out) ? 1 : 0;
      }
    }
  });
  return mask;
}

// x and y are `groups` times as long as the mask, which repeats for every seed.
template <class T>
void apply(const Tensor& x, const Mask& mask, double factor, std::int64_t groups, bool accumulate,
           Tensor& y) {
  const auto count = static_cast<std::int64_t>(mask.size());
  const auto scale = static_cast<T>(factor);
  const T* from = x.data<T>();
  T* to = y.mutable_data<T>();
  parallel_ranges(count, groups, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t group = 0; group < groups; ++group) {
      const std::int64_t at = group * count;
      for (std::int64_t i = begin; i < end; ++i) {
        const T value = from[at + i] * (static_cast<T>(mask[static_cast<std::size_t>(i)]) * scale);
        to[at + i] = accumulate ? to[at + i] + value : value;
      }
    }
  });
}

}  // namespace

Variable dropout(const Variable& x, double rate, const std::array<std::uint64_t, 2>& stream) {
  const ProfileScope scope("ops", "dropout");
  ASCRIBO_ASSERT(rate >= 0 && rate < 1);
  const auto left_out = static_cast<std::uint32_t>(std::lround(rate * kSteps));
  if (left_out == 0) return x;
  const double factor = kSteps / (kSteps - left_out);
  const Tensor& input = x.value();
  const auto run = input.dtype() == Dtype::kF32 ? apply<float> : apply<double>;
  const auto mask = draw(input.numel(), left_out, stream);
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  run(input, *mask, factor, 1, false, y);
  return record(std::move(y), {x}, [=](Backward& backward) {
    const ProfileScope scope("ops", "dropout backward");
    GradientSlot slot = backward.slot(0);
    run(backward.output(), *mask, factor, backward.seeds(), slot.accumulate, slot.tensor);
  });
}

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// (a, b) -> (a cos - b sin, b cos + a sin); the backward turns the other way.
#include "ascribo/ops/rotary.h"

#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// One head of one row; sign is 1, or -1 to turn back.
template <class T>
void turn(const T* x, const T* angles, T sign, std::int64_t half, bool accumulate, T* y) {
  for (std::int64_t d = 0; d < half; ++d) {
    const T cosine = angles[d], sine = sign * angles[half + d];
    const T a = x[d] * cosine - x[half + d] * sine;
    const T b = x[half + d] * cosine + x[d] * sine;
    y[d] = accumulate ? y[d] + a : a;
    y[half + d] = accumulate ? y[half + d] + b : b;
  }
}

// The columns of a head that do not turn.
template <class T>
void pass(const T* x, std::int64_t count, bool accumulate, T* y) {
  for (std::int64_t d = 0; d < count; ++d) y[d] = accumulate ? y[d] + x[d] : x[d];
}

// x and y are `[positions.size(), cols]`.
template <class T>
void turn_rows(const Tensor& x, std::int64_t heads, const Tensor& angles, double sign,
               const std::vector<std::int64_t>& positions, bool accumulate, Tensor& y) {
  const std::int64_t cols = x.cols(), width = cols / heads, turned = angles.cols();
  const T* from = x.data<T>();
  const T* table = angles.data<T>();
  T* to = y.mutable_data<T>();
  parallel_ranges(x.rows(), 2 * cols, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const T* own = table + positions[static_cast<std::size_t>(row)] * turned;
      for (std::int64_t at = row * cols; at < (row + 1) * cols; at += width) {
        turn(from + at, own, static_cast<T>(sign), turned / 2, accumulate, to + at);
        pass(from + at + turned, width - turned, accumulate, to + at + turned);
      }
    }
  });
}

}  // namespace

Variable rotary(const Variable& x, std::int64_t heads, const Tensor& angles,
                const std::vector<std::int64_t>& positions) {
  const ProfileScope scope("ops", "rotary");
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.cols() % heads == 0);
  ASCRIBO_ASSERT(angles.cols() <= input.cols() / heads);
  ASCRIBO_ASSERT(angles.cols() % 2 == 0 && angles.dtype() == input.dtype());
  ASCRIBO_ASSERT(input.dim(0) == static_cast<std::int64_t>(positions.size()));
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  const auto run = input.dtype() == Dtype::kF32 ? turn_rows<float> : turn_rows<double>;
  run(input, heads, angles, 1, positions, false, y);
  return record(
      std::move(y), {x},
      [=](Backward& backward) {
        const ProfileScope scope("ops", "rotary backward");
        GradientSlot slot = backward.slot(0);
        std::vector<std::int64_t> own;
        for (const std::int64_t row : backward.rows().sources()) {
          own.push_back(positions[static_cast<std::size_t>(row)]);
        }
        run(backward.output(), heads, angles, -1, own, slot.accumulate, slot.tensor);
      },
      same_rows());
}

namespace {

// Angles of 512 positions for `width` columns of a head.
Tensor sample_angles(std::int64_t width, Dtype dtype) {
  std::vector<double> entries;
  for (std::int64_t at = 0; at < 512 * width; ++at) {
    const std::int64_t position = at / width, column = at % width, pair = column % (width / 2);
    const double power = 2 * static_cast<double>(pair) / static_cast<double>(width);
    const double angle = static_cast<double>(position) / std::pow(10000.0, power);
    entries.push_back(static_cast<float>(column == pair ? std::cos(angle) : std::sin(angle)));
  }
  return Tensor::from<double>(entries, {512, width}).to(dtype);
}

}  // namespace

const OpDescriptor& op_rotary() {
  static const OpDescriptor descriptor{
      .name = "rotary",
      .variants = {"1 head of 2", "3 heads of 6", "12 heads of 64", "3 heads of 5, 2 turned",
                   "4 heads of 80, 32 turned"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t heads = std::vector<std::int64_t>{1, 3, 12, 3, 4}.at(variant);
        const std::int64_t width = std::vector<std::int64_t>{2, 6, 64, 5, 80}.at(variant);
        const std::int64_t turned = std::vector<std::int64_t>{2, 6, 64, 2, 32}.at(variant);
        Sample sample;
        sample.inputs = {sample_rows(units, heads * width, 1, dtype)};
        sample.output_sizes = sample.inputs[0].sizes;
        std::vector<std::int64_t> positions;
        for (const SampleUnit& unit : units) {
          for (std::int64_t row = 0; row < unit.length; ++row) positions.push_back(row);
        }
        const Tensor angles = sample_angles(turned, dtype);
        sample.apply = [=](const std::vector<Variable>& x) {
          return rotary(x[0], heads, angles, positions);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops

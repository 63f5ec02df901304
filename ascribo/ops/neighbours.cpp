// SPDX-License-Identifier: MIT
// Rows are copied to where they are neighbours; backward, a row collects its gradient from there.
#include "ascribo/ops/neighbours.h"

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// Calls visit(row, t, neighbour) for every row's neighbours in its sequence, t in order; those
// beyond the ends are -1. Rows are shared out among threads, `work` elements each.
template <class Visit>
void for_each_neighbour(const std::vector<std::int64_t>& offsets, std::int64_t width,
                        std::int64_t work, const Visit& visit) {
  std::vector<std::int64_t> first, last;  // of each row's sequence
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    const auto count = static_cast<std::size_t>(offsets[s + 1] - offsets[s]);
    first.insert(first.end(), count, offsets[s]);
    last.insert(last.end(), count, offsets[s + 1]);
  }
  parallel_ranges(offsets.back(), work, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const auto at = static_cast<std::size_t>(row);
      for (std::int64_t t = 0; t < width; ++t) {
        const std::int64_t neighbour = row + t - width / 2;
        visit(row, t, neighbour >= first[at] && neighbour < last[at] ? neighbour : -1);
      }
    }
  });
}

template <class T>
void forward(const Tensor& x, const std::vector<std::int64_t>& offsets, std::int64_t width,
             Tensor& y) {
  const std::int64_t cols = x.cols();
  const T* from = x.data<T>();
  T* to = y.mutable_data<T>();
  for_each_neighbour(offsets, width, y.cols(),
                     [=](std::int64_t row, std::int64_t t, std::int64_t neighbour) {
                       T* out = to + row * cols * width + t;
                       const T* in = from + neighbour * cols;
                       for (std::int64_t c = 0; c < cols; ++c) {
                         out[c * width] = neighbour < 0 ? T{0} : in[c];
                       }
                     });
}

// Being a neighbour is mutual: what row r gave to r' at t, it finds there at width - 1 - t.
template <class T>
void gradient(const Tensor& dy, const std::vector<std::int64_t>& offsets, std::int64_t width,
              GradientSlot& slot) {
  const std::int64_t cols = slot.tensor.cols(), rows = offsets.back();
  for (std::int64_t seed = 0; seed < dy.dim(0); ++seed) {
    const T* from = dy.data<T>() + seed * rows * cols * width;
    T* to = slot.tensor.mutable_data<T>() + seed * rows * cols;
    const bool accumulate = slot.accumulate;
    for_each_neighbour(offsets, width, cols * width,
                       [=](std::int64_t row, std::int64_t t, std::int64_t neighbour) {
                         T* out = to + row * cols;
                         const T* in = from + neighbour * cols * width + width - 1 - t;
                         const bool add = accumulate || t > 0;
                         for (std::int64_t c = 0; c < cols; ++c) {
                           const T share = neighbour < 0 ? T{0} : in[c * width];
                           out[c] = add ? out[c] + share : share;
                         }
                       });
  }
}

}  // namespace

Variable neighbours(const Variable& x, const std::vector<std::int64_t>& offsets,
                    std::int64_t width) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.dim(0) == offsets.back() && width % 2 == 1);
  Tensor y = Tensor::empty({input.dim(0), input.cols() * width}, input.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(input, offsets, width, y);
  return record(std::move(y), {x}, [=](Backward& backward) {
    GradientSlot slot = backward.slot(0);
    (single ? gradient<float> : gradient<double>)(backward.output(), offsets, width, slot);
  });
}

const OpDescriptor& op_neighbours() {
  static const OpDescriptor descriptor{
      .name = "neighbours",
      .variants = {"3 of 5", "1 of 7", "5 of 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t width = std::vector<std::int64_t>{3, 1, 5}.at(variant);
        const std::int64_t cols = std::vector<std::int64_t>{5, 7, 64}.at(variant);
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype)};
        std::vector<std::int64_t> offsets{0};
        for (const SampleUnit& unit : units) {
          offsets.push_back(offsets.back() + unit.length);
          sample.output_sizes.push_back(unit.length * cols * width);
        }
        sample.apply = [=](const std::vector<Variable>& x) {
          return neighbours(x[0], offsets, width);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops

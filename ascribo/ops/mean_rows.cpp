// SPDX-License-Identifier: MIT
// Sums run over a sequence's rows in their order. Backward: each row that counts receives its
// sequence's gradient times 1 / count.
#include "ascribo/ops/mean_rows.h"

#include <algorithm>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// The factor of each row of x, 1 / count or 0.
std::vector<double> row_factors(const std::vector<std::int64_t>& offsets,
                                const std::vector<std::uint8_t>& visible) {
  std::vector<double> factors(static_cast<std::size_t>(offsets.back()), 1.0);
  if (!visible.empty()) std::copy(visible.begin(), visible.end(), factors.begin());
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    const auto first = factors.begin() + offsets[s], last = factors.begin() + offsets[s + 1];
    const auto count = static_cast<double>(last - first - std::count(first, last, 0.0));
    std::transform(first, last, first, [=](double seen) { return seen == 0 ? 0.0 : 1 / count; });
  }
  return factors;
}

template <class T>
void forward(const Tensor& x, const std::vector<std::int64_t>& offsets,
             const std::vector<double>& factors, Tensor& y) {
  const std::int64_t cols = x.cols(), sequences = y.dim(0);
  const T* from = x.data<T>();
  T* out = y.mutable_data<T>();
  const std::int64_t work = x.numel() / std::max<std::int64_t>(1, sequences);
  parallel_ranges(sequences, work, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t s = begin; s < end; ++s) {
      T* to = out + s * cols;
      std::fill_n(to, cols, T{0});
      const auto at = static_cast<std::size_t>(s);
      for (std::int64_t row = offsets[at]; row < offsets[at + 1]; ++row) {
        const T factor = static_cast<T>(factors[static_cast<std::size_t>(row)]);
        if (factor == 0) continue;
        for (std::int64_t i = 0; i < cols; ++i) to[i] += from[row * cols + i] * factor;
      }
    }
  });
}

template <class T>
void gradient(const Tensor& dy, const std::vector<std::int64_t>& offsets,
              const std::vector<double>& factors, GradientSlot& slot) {
  const std::int64_t cols = dy.cols(), sequences = dy.dim(1), rows = slot.tensor.dim(1);
  const T* from = dy.data<T>();
  T* out = slot.tensor.mutable_data<T>();
  const bool accumulate = slot.accumulate;
  const std::int64_t work = rows * cols / std::max<std::int64_t>(1, sequences);
  parallel_ranges(dy.dim(0) * sequences, work, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t each = begin; each < end; ++each) {
      const std::int64_t seed = each / sequences;
      const auto at = static_cast<std::size_t>(each % sequences);
      for (std::int64_t row = offsets[at]; row < offsets[at + 1]; ++row) {
        const T factor = static_cast<T>(factors[static_cast<std::size_t>(row)]);
        T* to = out + (seed * rows + row) * cols;
        for (std::int64_t i = 0; i < cols; ++i) {
          const T share = factor == 0 ? T{0} : from[each * cols + i] * factor;
          to[i] = accumulate ? to[i] + share : share;
        }
      }
    }
  });
}

}  // namespace

Variable mean_rows(const Variable& x, const std::vector<std::int64_t>& offsets,
                   const std::vector<std::uint8_t>& visible) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.dim(0) == offsets.back());
  ASCRIBO_ASSERT(visible.empty() || static_cast<std::int64_t>(visible.size()) == offsets.back());
  const auto sequences = static_cast<std::int64_t>(offsets.size()) - 1;
  Tensor y = Tensor::empty({sequences, input.cols()}, input.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  const std::vector<double> factors = row_factors(offsets, visible);
  (single ? forward<float> : forward<double>)(input, offsets, factors, y);
  return record(std::move(y), {x}, [=](Backward& backward) {
    GradientSlot slot = backward.slot(0);
    (single ? gradient<float> : gradient<double>)(backward.output(), offsets, factors, slot);
  });
}

const OpDescriptor& op_mean_rows() {
  static const OpDescriptor descriptor{
      .name = "mean_rows",
      .variants = {"5", "64, hidden rows"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t cols = variant == 0 ? 5 : 64;
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype)};
        std::vector<std::int64_t> offsets{0};
        std::vector<std::uint8_t> visible;
        for (const SampleUnit& unit : units) {
          offsets.push_back(offsets.back() + unit.length);
          sample.output_sizes.push_back(cols);
          for (std::int64_t i = 0; variant == 1 && i < unit.length; ++i) {
            visible.push_back(i % 4 != 2);
          }
        }
        sample.apply = [=](const std::vector<Variable>& x) {
          return mean_rows(x[0], offsets, visible);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops

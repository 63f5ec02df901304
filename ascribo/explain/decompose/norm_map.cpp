// SPDX-License-Identifier: MIT
// Means and scales in double, row by row.
#include "ascribo/explain/decompose/norm_map.h"

#include <array>
#include <cmath>
#include <numeric>

#include "ascribo/ops/parallel.h"

namespace ascribo {
namespace {

/// The sum of a row's terms in double, in chains that need not wait for each other.
template <class T, class Term>
double sum(const T* row, std::int64_t cols, Term term) {
  constexpr std::int64_t kChains = 8;
  std::array<double, kChains> chains{};
  std::int64_t d = 0;
  for (; d + kChains <= cols; d += kChains) {
    for (std::int64_t c = 0; c < kChains; ++c) {
      chains[static_cast<std::size_t>(c)] += term(static_cast<double>(row[d + c]));
    }
  }
  for (; d < cols; ++d) chains[0] += term(static_cast<double>(row[d]));
  return std::accumulate(chains.begin(), chains.end(), 0.0);
}

}  // namespace

std::vector<double> norm_scales(const Norm& norm, const Tensor& x) {
  std::vector<double> scales(static_cast<std::size_t>(x.rows()), 1.0);
  if (!norm.defined()) return scales;
  const auto count = static_cast<double>(x.cols());
  const bool centred = norm.beta.defined();
  for_type(x.dtype(), [&](auto zero) {
    const auto* row = x.data<decltype(zero)>();
    for (double& scale : scales) {
      const double mean = centred ? sum(row, x.cols(), [](double v) { return v; }) / count : 0;
      const double squares =
          sum(row, x.cols(), [mean](double v) { return (v - mean) * (v - mean); });
      scale = 1 / std::sqrt(squares / count + norm.epsilon);
      row += x.cols();
    }
  });
  return scales;
}

void map_rows(const Norm& norm, Tensor& x) {
  if (!norm.defined()) return;
  const std::int64_t cols = x.cols();
  const Tensor factors = norm.factors();
  for_type(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* gamma = factors.data<T>();
    T* data = x.mutable_data<T>();
    const bool centred = norm.beta.defined();
    ops::parallel_ranges(x.rows(), 2 * cols, [=](std::int64_t begin, std::int64_t end) {
      for (T* values = data + begin * cols; values != data + end * cols; values += cols) {
        const double total = centred ? sum(values, cols, [](double v) { return v; }) : 0;
        const T center = static_cast<T>(total / static_cast<double>(cols));
        for (std::int64_t d = 0; d < cols; ++d) values[d] = (values[d] - center) * gamma[d];
      }
    });
  });
}

Tensor normalised(const Norm& norm, const Tensor& x, const std::vector<double>& scales) {
  if (!norm.defined()) return x;
  Tensor y = x.clone();
  map_rows(norm, y);
  const std::int64_t cols = y.cols();
  for_type(y.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* beta = norm.beta.defined() ? norm.beta.data<T>() : nullptr;
    T* data = y.mutable_data<T>();
    for (const double each : scales) {
      const T scale = static_cast<T>(each);
      for (std::int64_t d = 0; d < cols; ++d) {
        data[d] *= scale;
        if (beta != nullptr) data[d] += beta[d];
      }
      data += cols;
    }
  });
  return y;
}

}  // namespace ascribo

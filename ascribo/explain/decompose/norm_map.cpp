// SPDX-License-Identifier: MIT
// Means and scales in double, row by row.
#include "ascribo/explain/decompose/norm_map.h"

#include <cmath>

#include "ascribo/ops/parallel.h"

namespace ascribo {

std::vector<double> norm_scales(const Norm& norm, const Tensor& x) {
  std::vector<double> scales(static_cast<std::size_t>(x.rows()), 1.0);
  if (!norm.defined()) return scales;
  const std::vector<double> values = x.to_vector<double>();
  const auto cols = static_cast<std::size_t>(x.cols());
  const auto count = static_cast<double>(cols);
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const double* row = values.data() + i * cols;
    double mean = 0, squares = 0;
    for (std::size_t d = 0; norm.beta.defined() && d < cols; ++d) mean += row[d] / count;
    for (std::size_t d = 0; d < cols; ++d) squares += (row[d] - mean) * (row[d] - mean) / count;
    scales[i] = 1 / std::sqrt(squares + norm.epsilon);
  }
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
        double mean = 0;
        for (std::int64_t d = 0; centred && d < cols; ++d) mean += static_cast<double>(values[d]);
        const T center = static_cast<T>(mean / static_cast<double>(cols));
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

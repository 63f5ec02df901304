// SPDX-License-Identifier: MIT
// With log-probabilities l: loss = -(1 - s) l[label] - s mean(l); the backward is
// dlogits = dloss (softmax - (1 - s) [label] - s / classes).
#include "ascribo/ops/training/cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

struct Rows {
  std::vector<std::int64_t> labels;
  std::int64_t classes;
  double smoothing;
};

// log of the sum of exponentials; sums are in double precision, a row is short.
template <class T>
double log_sum(const T* x, std::int64_t count) {
  const double highest = static_cast<double>(*std::max_element(x, x + count));
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += std::exp(static_cast<double>(x[i]) - highest);
  return highest + std::log(sum);
}

template <class T>
void forward(const Rows& rows, const Tensor& logits, Tensor& losses) {
  const std::int64_t classes = rows.classes;
  T* to = losses.mutable_data<T>();
  parallel_ranges(losses.numel(), 16 * classes, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t label = rows.labels[static_cast<std::size_t>(row)];
      const T* x = logits.data<T>() + row * classes;
      double loss = 0;
      if (label >= 0) {
        double mean = 0;
        for (std::int64_t i = 0; i < classes; ++i) {
          mean += static_cast<double>(x[i]) / static_cast<double>(classes);
        }
        const double s = rows.smoothing;
        loss = log_sum(x, classes) - (1 - s) * static_cast<double>(x[label]) - s * mean;
      }
      to[row] = static_cast<T>(loss);
    }
  });
}

template <class T>
void gradient(const Rows& rows, const Tensor& logits, Backward& backward) {
  GradientSlot slot = backward.slot(0);
  const std::int64_t classes = rows.classes;
  const auto count = static_cast<std::int64_t>(rows.labels.size());
  const double even = rows.smoothing / static_cast<double>(classes);
  T* out = slot.tensor.mutable_data<T>();
  const T* dy = backward.output().data<T>();
  parallel_ranges(backward.seeds() * count, 16 * classes,
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t i = begin; i < end; ++i) {
                      const std::int64_t row = i % count;
                      const std::int64_t label = rows.labels[static_cast<std::size_t>(row)];
                      const T* x = logits.data<T>() + row * classes;
                      T* to = out + i * classes;
                      const double all = label < 0 ? 0 : log_sum(x, classes);
                      for (std::int64_t j = 0; j < classes; ++j) {
                        double share = 0;
                        if (label >= 0) {
                          share = std::exp(static_cast<double>(x[j]) - all) - even;
                          if (j == label) share -= 1 - rows.smoothing;
                        }
                        const T value = static_cast<T>(static_cast<double>(dy[i]) * share);
                        to[j] = slot.accumulate ? to[j] + value : value;
                      }
                    }
                  });
}

}  // namespace

Variable cross_entropy(const Variable& logits, const std::vector<std::int64_t>& labels,
                       double smoothing) {
  const ProfileScope scope("ops", "cross_entropy");
  const Tensor& x = logits.value();
  ASCRIBO_ASSERT(x.shape().size() == 2);
  ASCRIBO_ASSERT(x.dim(0) == static_cast<std::int64_t>(labels.size()));
  const Rows rows{labels, x.cols(), smoothing};
  const bool single = x.dtype() == Dtype::kF32;
  Tensor losses = Tensor::empty({x.dim(0)}, x.dtype());
  (single ? forward<float> : forward<double>)(rows, x, losses);
  return record(std::move(losses), {logits}, [=, x = x](Backward& backward) {
    const ProfileScope scope("ops", "cross_entropy backward");
    (single ? gradient<float> : gradient<double>)(rows, x, backward);
  });
}

const OpDescriptor& op_cross_entropy() {
  static const OpDescriptor descriptor{
      .name = "cross_entropy",
      .variants = {"2 classes", "5 classes, smoothed, some without label", "300 classes"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t classes = std::vector<std::int64_t>{2, 5, 300}.at(variant);
        std::vector<std::int64_t> labels;
        Sample sample;
        for (const SampleUnit& unit : units) {
          for (std::int64_t i = 0; i < unit.length; ++i) {
            const bool without = variant == 1 && i % 3 == 1;
            const std::int64_t label = static_cast<std::int64_t>(unit.key) + i;
            labels.push_back(without ? -100 : label % classes);
          }
          sample.output_sizes.push_back(unit.length);
        }
        sample.inputs = {sample_rows(units, classes, 1, dtype, 3.0)};
        sample.apply = [=](const std::vector<Variable>& x) {
          return cross_entropy(x[0], labels, variant == 1 ? 0.1 : 0.0);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// loss = log sum_e exp(x_e) - x_right; the backward is dx_e = dloss (softmax_e - [e is right]).
#include "ascribo/ops/training/cross_entropy_among.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

// Choices are few and small: one thread, sums in double precision.
template <class T>
double log_sum(const T* x, const Choice& choice) {
  double highest = -HUGE_VAL, sum = 0;
  for (const std::int64_t at : choice.elements) {
    highest = std::max(highest, static_cast<double>(x[at]));
  }
  for (const std::int64_t at : choice.elements) {
    sum += std::exp(static_cast<double>(x[at]) - highest);
  }
  return highest + std::log(sum);
}

template <class T>
void forward(const std::vector<Choice>& choices, const Tensor& logits, Tensor& losses) {
  const T* x = logits.data<T>();
  T* to = losses.mutable_data<T>();
  for (const Choice& choice : choices) {
    const double right = static_cast<double>(x[choice.elements.at(choice.right)]);
    *to++ = static_cast<T>(log_sum(x, choice) - right);
  }
}

template <class T>
void gradient(const std::vector<Choice>& choices, const Tensor& logits, Backward& backward) {
  GradientSlot slot = backward.slot(0);
  const T* x = logits.data<T>();
  const T* dy = backward.output().data<T>();
  T* to = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::fill_n(to, slot.tensor.numel(), T{0});
  for (std::int64_t seed = 0; seed < backward.seeds(); ++seed, to += logits.numel()) {
    for (const Choice& choice : choices) {
      const double all = log_sum(x, choice), factor = static_cast<double>(*dy++);
      for (std::size_t i = 0; i < choice.elements.size(); ++i) {
        const std::int64_t at = choice.elements[i];
        const double share = std::exp(static_cast<double>(x[at]) - all);
        to[at] += static_cast<T>(factor * (i == choice.right ? share - 1 : share));
      }
    }
  }
}

}  // namespace

Variable cross_entropy_among(const Variable& logits, const std::vector<Choice>& choices) {
  const Tensor& x = logits.value();
  const bool single = x.dtype() == Dtype::kF32;
  Tensor losses = Tensor::empty({static_cast<std::int64_t>(choices.size())}, x.dtype());
  (single ? forward<float> : forward<double>)(choices, x, losses);
  return record(std::move(losses), {logits}, [=, x = x](Backward& backward) {
    (single ? gradient<float> : gradient<double>)(choices, x, backward);
  });
}

const OpDescriptor& op_cross_entropy_among() {
  static const OpDescriptor descriptor{
      .name = "cross_entropy_among",
      .variants = {"columns"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        constexpr std::int64_t kCols = 3;
        std::vector<Choice> choices;
        Sample sample;
        std::int64_t row = 0;
        for (const SampleUnit& unit : units) {
          std::int64_t made = 0;
          for (std::int64_t col = 0; col < 2 && unit.length > 0; ++col, ++made) {
            Choice choice;
            for (std::int64_t i = 0; i < unit.length; ++i) {
              choice.elements.push_back((row + i) * kCols + col);
            }
            choice.right = (unit.key + static_cast<std::size_t>(col)) % choice.elements.size();
            choices.push_back(std::move(choice));
          }
          row += unit.length;
          sample.output_sizes.push_back(made);
        }
        sample.inputs = {sample_rows(units, kCols, 1, dtype, 3.0)};
        sample.apply = [=](const std::vector<Variable>& x) {
          return cross_entropy_among(x[0], choices);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops

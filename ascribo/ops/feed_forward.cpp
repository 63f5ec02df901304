// SPDX-License-Identifier: MIT
// y = f(x U^T + b) D^T + c; backward dx = (dy D * f'(x U^T + b)) U.
#include "ascribo/ops/feed_forward.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/linear/linear_kernel.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo::ops {
namespace {

using State = LinearKernel::State;

const char* profile_name(Precision precision, bool backward) {
  switch (precision) {
    case Precision::kBf16: return backward ? "feed_forward backward, bf16" : "feed_forward, bf16";
    case Precision::kBf16x3:
      return backward ? "feed_forward backward, bf16x3" : "feed_forward, bf16x3";
    default: return backward ? "feed_forward backward" : "feed_forward";
  }
}

// Of both products, in fp32 with what lies between them.
ProductWork work_of(std::int64_t rows, const State& in, const State& out, Precision precision) {
  ProductWork work(rows, in);
  const ProductWork second(rows, out);
  work.operations += second.operations;
  work.bytes = precision == Precision::kFp32 ? work.bytes + second.bytes : 0;
  return work;
}

// f'(x U^T + b), row by row.
class Slopes {
 public:
  Slopes(const Shape& shape, Precision precision)
      : values_(Tensor::empty(shape, precision == Precision::kBf16 ? Dtype::kBF16 : Dtype::kF32)) {}

  void keep(const float* slope, std::int64_t row, std::int64_t column, std::int64_t count) {
    const std::int64_t at = row * values_.cols() + column;
    if (values_.dtype() == Dtype::kBF16) {
      simd::round_to_bf16(slope, count, static_cast<std::uint16_t*>(values_.mutable_raw()) + at);
    } else {
      std::copy_n(slope, count, values_.mutable_data<float>() + at);
    }
  }

  void scale(float* values, std::int64_t row, std::int64_t column, std::int64_t count) const {
    const std::int64_t at = row * values_.cols() + column;
    if (values_.dtype() == Dtype::kBF16) {
      simd::multiply_bf16(static_cast<const std::uint16_t*>(values_.raw()) + at, count, values);
    } else {
      simd::multiply(values, values_.data<float>() + at, count, false, values);
    }
  }

 private:
  Tensor values_;
};

void input_gradient(State& in, State& out, const Slopes& slopes, Precision precision,
                    Backward& backward) {
  const Tensor& dy = backward.output();
  const ProductWork work = work_of(dy.rows(), in, out, precision);
  const ProfileScope scope("ops", profile_name(precision, true), work.operations, work.bytes);
  const std::vector<std::int64_t>& sources = backward.rows().sources();
  GradientSlot slot = backward.slot(0);
  LinearKernel::backward(out, precision)
      .product_through(
          dy,
          [&](float* values, std::int64_t row, std::int64_t column, std::int64_t count) {
            slopes.scale(values, sources[static_cast<std::size_t>(row)], column, count);
          },
          LinearKernel::backward(in, precision), Tensor(), slot.accumulate, slot.tensor);
}

Variable in_single(const Variable& x, const std::shared_ptr<State>& in, Activation function,
                   const std::shared_ptr<State>& out, Precision precision) {
  const Tensor& input = x.value();
  const std::int64_t rows = input.rows(), width = in->weight.out();
  const ProductWork work = work_of(rows, *in, *out, precision);
  const ProfileScope scope("ops", profile_name(precision, false), work.operations, work.bytes);
  const Tensor& bias = LinearKernel::addend(*in);
  const float* addend = bias.defined() ? bias.data<float>() : nullptr;
  const auto slopes =
      x.requires_grad() ? std::make_shared<Slopes>(Shape{rows, width}, precision) : nullptr;
  Tensor y = Tensor::empty({rows, out->weight.out()});
  LinearKernel::forward(*in, precision)
      .product_through(
          input,
          [&](float* values, std::int64_t row, std::int64_t column, std::int64_t count) {
            if (addend != nullptr) simd::add(values, addend + column, count, values);
            if (!slopes) return activate(function, values, count);
            thread_local std::vector<float> slope;
            slope.resize(static_cast<std::size_t>(count));
            activate(function, values, count, slope.data());
            slopes->keep(slope.data(), row, column, count);
          },
          LinearKernel::forward(*out, precision), LinearKernel::addend(*out), false, y);
  return record(
      std::move(y), {x},
      [in, out, slopes, precision](Backward& backward) {
        input_gradient(*in, *out, *slopes, precision, backward);
      },
      same_rows());
}

}  // namespace

Variable feed_forward(const Variable& x, const LinearWeight& in, Activation function,
                      const LinearWeight& out, Precision precision) {
  ASCRIBO_ASSERT(in.out() == out.in());
  precision = available_precision(precision);
  const auto first = LinearKernel::state(in), second = LinearKernel::state(out);
  if (first->compute == Dtype::kF32) return in_single(x, first, function, second, precision);
  return linear(linear_activation(x, in, function, precision), out, precision);
}

const OpDescriptor& op_feed_forward() {
  static const OpDescriptor descriptor{
      .name = "feed_forward",
      .variants = {"5 to 7 to 3", "64 to 128 to 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t size = variant == 0 ? 5 : 64, width = variant == 0 ? 7 : 128,
                           result = variant == 0 ? 3 : 64;
        const LinearWeight in(sample_constant(3, {width, size}, dtype),
                              sample_constant(4, {width}, dtype), dtype);
        const LinearWeight out(sample_constant(5, {result, width}, dtype),
                               sample_constant(6, {result}, dtype), dtype);
        Sample sample;
        sample.inputs = {sample_rows(units, size, 1, dtype)};
        for (const SampleUnit& unit : units) sample.output_sizes.push_back(unit.length * result);
        sample.apply = [=](const std::vector<Variable>& x) {
          return feed_forward(x[0], in, Activation::kGelu, out);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// Two products in one pass beside the three operations that they stand for.
#include "ascribo/ops/feed_forward.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/select_rows.h"

namespace ascribo {
namespace {

struct Size {
  std::int64_t in, width, out;

  friend std::ostream& operator<<(std::ostream& out, const Size& size) {
    return out << size.in << " to " << size.width << " to " << size.out;
  }
};

std::vector<Precision> precisions() {
  if (!ops::has_bf16_products()) return {Precision::kFp32};
  return {Precision::kFp32, Precision::kBf16, Precision::kBf16x3};
}

class FeedForward : public testing::TestWithParam<Size> {
 protected:
  ~FeedForward() override { set_threads(0); }

  static Tensor values(std::uint64_t role, const Shape& shape, Dtype dtype = Dtype::kF32) {
    return ops::sample_constant(role, shape, dtype);
  }

  // Weights as small as those of models, where an activation bends.
  static LinearWeight weight(std::uint64_t role, std::int64_t in, std::int64_t out, Dtype dtype) {
    const double scale = 2 / std::sqrt(static_cast<double>(in));
    return LinearWeight(ops::sample_constant(role, {out, in}, dtype, scale),
                        values(role + 1, {out}, dtype), dtype);
  }

  struct Weights {
    explicit Weights(const Size& size, Dtype dtype = Dtype::kF32)
        : in(weight(1, size.in, size.width, dtype)), out(weight(3, size.width, size.out, dtype)) {}
    LinearWeight in, out;
  };

  static Variable apart(const Variable& x, const Weights& weights, Activation function,
                        Precision precision) {
    const Variable wide = ops::activation(ops::linear(x, weights.in, precision), function);
    return ops::linear(wide, weights.out, precision);
  }

  // Of the rows chosen, for two seeds; `one_pass` or three operations.
  static std::vector<double> gradient(const Size& size, std::int64_t rows,
                                      const std::vector<std::int64_t>& chosen, bool one_pass,
                                      Precision precision, Dtype dtype) {
    const Weights weights(size, dtype);
    Tape tape;
    const Variable x = tape.watch(values(5, {rows, size.in}, dtype));
    Variable y = one_pass
                     ? ops::feed_forward(x, weights.in, Activation::kGelu, weights.out, precision)
                     : apart(x, weights, Activation::kGelu, precision);
    if (!chosen.empty()) y = ops::select_rows(y, chosen);
    const Tensor seeds = values(6, {2, y.value().rows(), size.out}, dtype);
    return tape.gradients(y, seeds, std::vector{x})[0].to(Dtype::kF64).to_vector<double>();
  }
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double squares = 0, all = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    squares += (a[i] - b[i]) * (a[i] - b[i]);
    all += b[i] * b[i];
  }
  return std::sqrt(squares / all);
}

TEST_P(FeedForward, HasTheBitsOfThreeOperations) {
  const Weights weights(GetParam());
  for (const Precision precision : precisions()) {
    for (const Activation function : {Activation::kGelu, Activation::kMish, Activation::kRelu}) {
      for (const std::int64_t rows : {1, 31, 33, 600}) {
        const Tensor x = values(5, {rows, GetParam().in});
        const Tensor expected = apart(x, weights, function, precision).value();
        Tape tape;
        for (const Variable& input : {Variable(x), tape.watch(x)}) {
          const Tensor y =
              ops::feed_forward(input, weights.in, function, weights.out, precision).value();
          ASSERT_EQ(std::memcmp(y.raw(), expected.raw(), y.bytes()), 0) << rows << " rows";
        }
      }
    }
  }
}

TEST_P(FeedForward, BitsDoNotDependOnThreads) {
  const Weights weights(GetParam());
  const Tensor x = values(5, {97, GetParam().in});
  for (const Precision precision : precisions()) {
    std::vector<std::vector<float>> found;
    for (const int threads : {1, 2, 3}) {
      set_threads(threads);
      found.push_back(ops::feed_forward(x, weights.in, Activation::kGelu, weights.out, precision)
                          .value()
                          .to_vector<float>());
    }
    EXPECT_EQ(found[0], found[1]);
    EXPECT_EQ(found[0], found[2]);
  }
}

// Factors in bf16 are off by 2^-9 at most, four of them to a gradient.
TEST_P(FeedForward, GradientsAreThoseOfDoublePrecision) {
  for (const std::vector<std::int64_t>& chosen :
       {std::vector<std::int64_t>{}, std::vector<std::int64_t>{0, 3, 4, 39}}) {
    const std::vector<double> exact =
        gradient(GetParam(), 40, chosen, false, Precision::kFp32, Dtype::kF64);
    for (const Precision precision : precisions()) {
      const double bound = precision == Precision::kBf16     ? 4.0 / 512
                           : precision == Precision::kBf16x3 ? 5e-5
                                                             : 1e-5;
      EXPECT_LT(distance(gradient(GetParam(), 40, chosen, true, precision, Dtype::kF32), exact),
                bound);
    }
  }
}

TEST_P(FeedForward, GradientsInSingleAndDoublePrecisionHaveTheBitsOfThreeOperations) {
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
    EXPECT_EQ(gradient(GetParam(), 9, {}, true, Precision::kFp32, dtype),
              gradient(GetParam(), 9, {}, false, Precision::kFp32, dtype));
  }
}

INSTANTIATE_TEST_SUITE_P(FeedForward, FeedForward,
                         testing::Values(Size{768, 3072, 768}, Size{384, 1536, 384},
                                         Size{100, 130, 70}, Size{70, 900, 1000}, Size{5, 7, 3}),
                         [](const auto& info) {
                           return std::to_string(info.param.in) + "_" +
                                  std::to_string(info.param.width) + "_" +
                                  std::to_string(info.param.out);
                         });

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Norms of vectors that are never kept, against vectors that are.
#include "ascribo/ops/decompose/pair_vectors.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/threads.h"
#include "ascribo/ops/decompose/transposed.h"

namespace ascribo {
namespace {

Tensor wave(const Shape& shape, double step) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < numel(shape); ++i) {
    values.push_back(std::sin(step * static_cast<double>(i + 1)));
  }
  return Tensor::from<double>(values, shape);
}

struct Sample {
  Sample(std::int64_t heads, std::int64_t tokens, std::int64_t hidden)
      : pairs{wave({heads, tokens, tokens}, 0.7), wave({heads, tokens, hidden}, 1.3),
              wave({tokens, hidden}, 0.3)},
        wholes(wave({tokens, hidden}, 0.9)) {}

  // v_ij, in full.
  std::vector<double> vector(std::int64_t i, std::int64_t j) const {
    const std::int64_t heads = pairs.heads.dim(0), tokens = pairs.heads.dim(1);
    const std::int64_t hidden = pairs.heads.dim(2);
    std::vector<double> v;
    for (std::int64_t d = 0; d < hidden; ++d) {
      double sum = i == j ? pairs.own.data<double>()[j * hidden + d] : 0;
      for (std::int64_t h = 0; h < heads; ++h) {
        sum += pairs.probs.data<double>()[(h * tokens + i) * tokens + j] *
               pairs.heads.data<double>()[(h * tokens + j) * hidden + d];
      }
      v.push_back(sum);
    }
    return v;
  }

  ops::PairVectors in(Dtype dtype) const {
    return {pairs.probs.to(dtype), pairs.heads.to(dtype), pairs.own.to(dtype)};
  }

  ops::PairVectors pairs;
  Tensor wholes;
};

TEST(PairVectors, NormsAreThoseOfTheVectors) {
  for (const auto& [tokens, hidden] : {std::pair{1, 1}, {5, 37}, {9, 64}, {4, 80}}) {
    const Sample sample(3, tokens, hidden);
    for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
      for (const ops::VectorNorm norm : {ops::VectorNorm::kL1, ops::VectorNorm::kL2}) {
        for (const bool whole : {false, true}) {
          const auto found =
              ops::measure_pairs(sample.in(dtype), whole ? sample.wholes.to(dtype) : Tensor(), norm)
                  .norms.to_vector<double>();
          for (std::int64_t at = 0; at < std::int64_t{tokens} * tokens; ++at) {
            const std::vector<double> v = sample.vector(at / tokens, at % tokens);
            double expected = 0;
            for (std::size_t d = 0; d < v.size(); ++d) {
              const double of =
                  whole ? sample.wholes
                              .data<double>()[at / tokens * hidden + static_cast<std::int64_t>(d)]
                        : 0;
              expected +=
                  norm == ops::VectorNorm::kL1 ? std::abs(v[d] - of) : (v[d] - of) * (v[d] - of);
            }
            if (norm == ops::VectorNorm::kL2) expected = std::sqrt(expected);
            EXPECT_NEAR(found[static_cast<std::size_t>(at)], expected,
                        (dtype == Dtype::kF32 ? 2e-6 : 1e-13) * (1 + expected));
          }
        }
      }
    }
  }
}

TEST(PairVectors, SumsAreThoseOfTheVectors) {
  const Sample sample(2, 5, 37);
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
    const auto found =
        ops::measure_pairs(sample.in(dtype), {}, ops::VectorNorm::kL1).sums.to_vector<double>();
    for (std::int64_t i = 0; i < 5; ++i) {
      std::vector<double> expected(37, 0.0);
      for (std::int64_t j = 0; j < 5; ++j) {
        const std::vector<double> v = sample.vector(i, j);
        for (std::size_t d = 0; d < v.size(); ++d) expected[d] += v[d];
      }
      for (std::size_t d = 0; d < expected.size(); ++d) {
        EXPECT_NEAR(found[static_cast<std::size_t>(i) * 37 + d], expected[d], 5e-6);
      }
    }
  }
}

TEST(PairVectors, HeadProductsAddUpToTheWholeProduct) {
  const Tensor x = wave({4, 6}, 0.7), rows = wave({6, 5}, 1.1);
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
    const auto found = ops::head_products(x.to(dtype), rows.to(dtype), 3).to_vector<double>();
    ASSERT_EQ(found.size(), 3U * 4 * 5);
    for (std::size_t j = 0; j < 4; ++j) {
      for (std::size_t d = 0; d < 5; ++d) {
        double expected = 0, sum = 0;
        for (std::size_t k = 0; k < 6; ++k) {
          expected += x.data<double>()[j * 6 + k] * rows.data<double>()[k * 5 + d];
        }
        for (std::size_t h = 0; h < 3; ++h) sum += found[(h * 4 + j) * 5 + d];
        EXPECT_NEAR(sum, expected, 1e-6);
      }
    }
  }
}

TEST(Transposed, IsTurnedRound) {
  using Size = std::pair<std::int64_t, std::int64_t>;
  for (const auto& [rows, cols] : {Size{1, 1}, {4, 9}, {12, 64}, {7, 5}}) {
    const Tensor x = wave({rows, cols}, 0.7);
    for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
      const Tensor given = x.to(dtype), y = ops::transposed(given);
      ASSERT_EQ(y.shape(), (Shape{cols, rows}));
      const auto from = given.to_vector<double>(), found = y.to_vector<double>();
      for (std::int64_t at = 0; at < rows * cols; ++at) {
        EXPECT_EQ(found[static_cast<std::size_t>(at % cols * rows + at / cols)],
                  from[static_cast<std::size_t>(at)]);
      }
    }
  }
}

TEST(PairVectors, ThreadsChangeNoBits) {
  const Sample sample(4, 33, 96);
  const auto measured = [&] {
    const ops::MeasuredPairs found = ops::measure_pairs(
        sample.in(Dtype::kF32), sample.wholes.to(Dtype::kF32), ops::VectorNorm::kL1);
    return std::pair(found.norms.to_vector<float>(), found.sums.to_vector<float>());
  };
  set_threads(1);
  const auto one = measured();
  set_threads(3);
  const auto three = measured();
  set_threads(0);
  EXPECT_EQ(one, three);
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// A model of two layers in which every contribution can be written down.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "ascribo/explain/subject.h"
#include "tests/toys/averaging_decoder.h"

namespace ascribo {
namespace {

using Vector = std::array<double, 4>;

constexpr std::size_t kTokens = 3;
constexpr double kGain = toys::AveragingDecoder::kGain;

double rms(const Vector& x) {
  double squares = 0;
  for (const double each : x) squares += each * each / 4;
  return std::sqrt(squares);
}

double length(const Vector& x) {
  double sum = 0;
  for (const double each : x) sum += std::abs(each);
  return sum;
}

double logit(std::size_t label, const Vector& x, double factor) {
  double sum = 0;
  for (std::size_t d = 0; d < 4; ++d) sum += toys::AveragingDecoder::kWeight[label][d] * x[d];
  return sum * factor;
}

/// The toy's own arithmetic for the tokens 2, 0, 3.
struct Known {
  Known() {
    const std::array<std::size_t, kTokens> ids = {2, 0, 3};
    for (std::size_t i = 0; i < kTokens; ++i) x[0][i][ids[i]] = 2;
    for (std::size_t n = 0; n < 2; ++n) {
      for (std::size_t i = 0; i < kTokens; ++i) {
        x[n + 1][i] = x[n][i];
        for (std::size_t j = 0; j <= i; ++j) {
          for (std::size_t d = 0; d < 4; ++d) x[n + 1][i][d] += given(n, i, j)[d];
        }
      }
    }
  }

  /// What token i has of j from attention.
  Vector given(std::size_t n, std::size_t i, std::size_t j) const {
    Vector v{};
    if (j > i) return v;
    for (std::size_t d = 0; d < 4; ++d) {
      v[d] = kGain / static_cast<double>(i + 1) * x[n][j][d] / rms(x[n][j]);
    }
    return v;
  }

  /// Nothing is negative, so that distances are what is left: each part counts by its length.
  double contribution(std::size_t n, std::size_t i, std::size_t j) const {
    double sum = length(x[n][i]);
    for (std::size_t k = 0; k <= i; ++k) sum += length(given(n, i, k));
    return (length(given(n, i, j)) + (i == j ? length(x[n][i]) : 0)) / sum;
  }

  std::array<std::array<Vector, kTokens>, 3> x{};
};

class KnownDecomposition : public testing::Test {
 protected:
  Explanation explain(const std::string& method, OptionValues options = {}) const {
    options["unit"] = "all_tokens";
    Input input;
    input.input_ids = {2, 0, 3};
    return subject.explain(input,
                           {.method = method, .targets = {"all"}, .options = std::move(options)});
  }

  toys::AveragingDecoder toy;
  Subject subject = Subject::open(toy.path());
  Known known;
};

TEST_F(KnownDecomposition, ContributionsAndRollout) {
  const Explanation found = explain("alti");
  ASSERT_EQ(found.layers->front().name, "contributions");
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t i = 0; i < kTokens; ++i) {
      for (std::size_t j = 0; j < kTokens; ++j) {
        EXPECT_NEAR(found.layers->front().data[(n * kTokens + i) * kTokens + j],
                    known.contribution(n, i, j), 1e-6);
      }
    }
  }
  for (std::size_t k = 0; k < kTokens; ++k) {
    double expected = 0;
    for (std::size_t j = 0; j < kTokens; ++j) {
      expected += known.contribution(1, 2, j) * known.contribution(0, j, k);
    }
    EXPECT_NEAR(found.attributions[0].scores[k], expected, 1e-6);
  }
}

TEST_F(KnownDecomposition, SharesOfALogit) {
  const double factor = 1 / rms(known.x[2][2]);
  for (const bool rollout : {true, false}) {
    const Explanation found = explain("alti_logit", {{"rollout", rollout ? "yes" : "no"}});
    for (std::size_t label = 0; label < 2; ++label) {
      const Attribution& attribution = found.attributions[label];
      EXPECT_NEAR(attribution.value, logit(label, known.x[2][2], factor), 1e-5);
      EXPECT_NEAR(*attribution.baseline_value, 0, 1e-5);  // no biases, no feed-forward
      for (std::size_t k = 0; k < kTokens; ++k) {
        double expected = k == 2 ? logit(label, known.x[0][2], factor) : 0;
        expected += logit(label, known.given(0, 2, k), factor);
        for (std::size_t j = 0; j < kTokens; ++j) {
          const double handed = rollout ? known.contribution(0, j, k) : (j == k ? 1 : 0);
          expected += logit(label, known.given(1, 2, j), factor) * handed;
        }
        EXPECT_NEAR(attribution.scores[k], expected, 1e-5) << label << " " << k;
      }
    }
  }
}

TEST_F(KnownDecomposition, AttentionIsAlike) {
  const Explanation found = explain("raw_attention");
  for (const float score : found.attributions[0].scores) EXPECT_NEAR(score, 1.0 / 3, 1e-6);
  const Explanation rollout = explain("attention_rollout", {{"through", "0"}});
  EXPECT_NEAR(rollout.attributions[0].scores[0], 1.0 / 6, 1e-6);
  EXPECT_NEAR(rollout.attributions[0].scores[2], 2.0 / 3, 1e-6);
}

// Without the values of j token i keeps the rest: the angle follows.
TEST_F(KnownDecomposition, AnglesWithoutValues) {
  const Explanation found = explain("value_zeroing", {{"rollout", "no"}, {"through", "0"}});
  std::array<double, kTokens> turned{};
  double sum = 0;
  for (std::size_t j = 0; j < kTokens; ++j) {
    const Vector whole = known.x[1][2], part = known.given(0, 2, j);
    double dot = 0, own = 0, its = 0;
    for (std::size_t d = 0; d < 4; ++d) {
      const double rest = whole[d] - part[d];
      dot += whole[d] * rest;
      own += whole[d] * whole[d];
      its += rest * rest;
    }
    turned[j] = 1 - dot / std::sqrt(own * its);
    sum += turned[j];
  }
  for (std::size_t j = 0; j < kTokens; ++j) {
    EXPECT_NEAR(found.attributions[0].scores[j], turned[j] / sum, 1e-4);
  }
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What taps and overrides are for: methods that look into a model or change it, from outside.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "ascribo/base/error.h"
#include "ascribo/ops/scale_rows.h"
#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix to_matrix(const Tensor& tensor) {
  const std::vector<double> values = tensor.to_vector<double>();
  Matrix matrix(static_cast<std::size_t>(tensor.rows()));
  const auto cols = static_cast<std::size_t>(tensor.cols());
  for (std::size_t r = 0; r < matrix.size(); ++r) {
    matrix[r].assign(values.begin() + static_cast<std::ptrdiff_t>(r * cols),
                     values.begin() + static_cast<std::ptrdiff_t>((r + 1) * cols));
  }
  return matrix;
}

/// Attention rollout (Abnar and Zuidema 2020): heads averaged, the residual added as an identity,
/// rows made to sum to 1, layers multiplied.
std::vector<Matrix> attention_rollout(const Model& model, const Sequence& sequence) {
  const int layers = static_cast<int>(model.info().layers);
  const std::int64_t n = sequence.size();
  ascribo::Run run;
  for (int layer = 0; layer < layers; ++layer) run.capture({Tap::kAttnProbs, layer});
  model.forward(batch_of({sequence}), run);
  std::vector<Matrix> rollout;
  for (int layer = 0; layer < layers; ++layer) {
    const Tensor probs = run.at({Tap::kAttnProbs, layer}).value();
    const Matrix heads = to_matrix(probs.reshape({model.info().heads * n, n}));
    Matrix mixed(static_cast<std::size_t>(n), std::vector<double>(static_cast<std::size_t>(n)));
    for (std::size_t row = 0; row < heads.size(); ++row) {
      for (std::size_t j = 0; j < mixed.size(); ++j) {
        const double share = heads[row][j] / static_cast<double>(2 * model.info().heads);
        mixed[row % mixed.size()][j] += share;
      }
    }
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i][i] += 0.5;
    if (layer > 0) {
      Matrix product(mixed.size(), std::vector<double>(mixed.size()));
      for (std::size_t i = 0; i < mixed.size(); ++i) {
        for (std::size_t k = 0; k < mixed.size(); ++k) {
          for (std::size_t j = 0; j < mixed.size(); ++j) {
            product[i][j] += mixed[i][k] * rollout.back()[k][j];
          }
        }
      }
      mixed = product;
    }
    rollout.push_back(mixed);
  }
  return rollout;
}

TEST(Taps, AttentionRolloutFromOutside) {
  for (const char* name : {"bert-cls", "distilbert-cls"}) {
    const Golden golden(name);
    const auto model = Model::open(golden.folder);
    for (std::size_t i = 0; i < golden.cases.size(); ++i) {
      const Tensor expected = golden.expected(i, "attention_rollout");  // [layers, seq, seq]
      std::vector<double> found;
      for (const Matrix& layer : attention_rollout(*model, golden.sequence(i))) {
        for (const auto& row : layer) found.insert(found.end(), row.begin(), row.end());
      }
      EXPECT_LT(relative_error(Tensor::from<double>(found, expected.shape()), expected), 2e-5)
          << name << " case " << i;
    }
  }
}

/// One post-norm layer of a BERT checkpoint in plain loops over the published weights.
class PlainLayer {
 public:
  PlainLayer(const StoredTensors& weights, int layer)
      : weights_(weights), at_("bert.encoder.layer." + std::to_string(layer) + ".") {}

  /// The layer's output from its input and from what attention took out of the values.
  Matrix finish(const Matrix& input, const Matrix& attended) const {
    const Matrix hidden =
        norm(add(input, linear(attended, "attention.output.dense")), "attention.output.LayerNorm");
    Matrix wide = linear(hidden, "intermediate.dense");
    for (auto& row : wide) {
      for (double& v : row) v *= 0.5 * (1 + std::erf(v / std::numbers::sqrt2));
    }
    return norm(add(hidden, linear(wide, "output.dense")), "output.LayerNorm");
  }

 private:
  std::vector<double> vector(const std::string& name) const {
    return weights_.at(at_ + name).tensor().to_vector<double>();
  }
  static Matrix add(Matrix a, const Matrix& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < a[i].size(); ++j) a[i][j] += b[i][j];
    }
    return a;
  }
  Matrix linear(const Matrix& x, const std::string& name) const {
    const Matrix w = to_matrix(weights_.at(at_ + name + ".weight").tensor());
    const std::vector<double> b = vector(name + ".bias");
    Matrix y(x.size(), b);
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t o = 0; o < w.size(); ++o) {
        for (std::size_t k = 0; k < w[o].size(); ++k) y[i][o] += x[i][k] * w[o][k];
      }
    }
    return y;
  }
  Matrix norm(Matrix x, const std::string& name) const {
    const std::vector<double> gamma = vector(name + ".weight"), beta = vector(name + ".bias");
    for (auto& row : x) {
      double mean = 0, square = 0;
      for (const double v : row) mean += v / static_cast<double>(row.size());
      for (const double v : row) square += (v - mean) * (v - mean);
      const double scale = 1 / std::sqrt(square / static_cast<double>(row.size()) + 1e-12);
      for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = (row[j] - mean) * scale * gamma[j] + beta[j];
    }
    return x;
  }
  const StoredTensors& weights_;
  std::string at_;
};

/// probs v with one key left out, per head in plain loops.
Matrix attend_without(const std::vector<double>& probs, const Matrix& values, std::size_t heads,
                      std::size_t silent) {
  const std::size_t n = values.size(), width = values.front().size() / heads;
  Matrix out(n, std::vector<double>(values.front().size()));
  for (std::size_t h = 0; h < heads; ++h) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (j == silent) continue;
        for (std::size_t d = h * width; d < (h + 1) * width; ++d) {
          out[i][d] += probs[(h * n + i) * n + j] * values[j][d];
        }
      }
    }
  }
  return out;
}

// Value zeroing (Mohebbi et al. 2023): one token's value vector is silenced in one layer.
TEST(Taps, ValueZeroingFromOutside) {
  const Golden golden("bert-cls");
  const auto model = Model::open(golden.folder);
  const StoredTensors weights = read_tensors(golden.folder / "model.safetensors");
  const Batch batch = batch_of({golden.sequence(5)});
  const auto tokens = static_cast<std::size_t>(batch.rows());
  for (int layer = 0; layer < static_cast<int>(model->info().layers); ++layer) {
    ascribo::Run clean;
    for (const Tap tap : {Tap::kHidden, Tap::kAttnProbs, Tap::kAttnValue}) {
      clean.capture({tap, layer});
    }
    model->forward(batch, clean);
    const Tensor input = clean.at({Tap::kHidden, layer}).value();
    for (std::size_t silent = 0; silent < tokens; ++silent) {
      ascribo::Run run;
      run.replace({Tap::kHidden, layer}, input);
      run.edit({Tap::kAttnValue, layer}, [&](const Variable& values) {
        std::vector<float> factors(tokens, 1.0F);
        factors[silent] = 0;
        return ops::scale_rows(values, factors);
      });
      run.capture({Tap::kHidden, layer + 1});
      model->forward(batch, run);
      const Matrix attended =
          attend_without(clean.at({Tap::kAttnProbs, layer}).value().to_vector<double>(),
                         to_matrix(clean.at({Tap::kAttnValue, layer}).value()), 4, silent);
      const Matrix expected = PlainLayer(weights, layer).finish(to_matrix(input), attended);
      const Matrix found = to_matrix(run.at({Tap::kHidden, layer + 1}).value());
      for (std::size_t i = 0; i < tokens; ++i) {
        for (std::size_t d = 0; d < found[i].size(); ++d) {
          ASSERT_NEAR(found[i][d], expected[i][d], 1e-5) << "layer " << layer << " row " << i;
        }
      }
    }
  }
}

TEST(Taps, EditsLetGradientsThrough) {
  const Golden golden("bert-cls");
  const auto model = Model::open(golden.folder);
  const Batch batch = batch_of({golden.sequence(0)});
  const auto gradient = [&](ascribo::Run& run) {
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch, run);
    return run.gradients(logits, every_output(3, Dtype::kF32), {{Tap::kWordEmbeddings}}).at(0);
  };
  const auto factors_at_1 = [&](float factor) {
    return [&, factor](const Variable& x) {
      std::vector<float> factors(static_cast<std::size_t>(batch.rows()), 1.0F);
      factors[1] = factor;
      return ops::scale_rows(x, factors);
    };
  };
  ascribo::Run plain, same, silenced;
  same.edit({Tap::kHidden, 0}, factors_at_1(1));
  silenced.edit({Tap::kHidden, 0}, factors_at_1(0));
  const Tensor expected = gradient(plain);
  EXPECT_EQ(gradient(same).to_vector<float>(), expected.to_vector<float>());
  const Tensor found = gradient(silenced);  // [targets, rows, embedding]
  EXPECT_NE(found.to_vector<float>(), expected.to_vector<float>());
  const std::vector<float> values = found.to_vector<float>();
  for (std::int64_t d = 0; d < found.dim(2); ++d) {
    EXPECT_EQ(values[static_cast<std::size_t>(found.dim(2) + d)], 0.0F);
  }
}

// A batch of path points: the word table is not asked, and every row may be different.
TEST(Taps, WordEmbeddingsMayDifferFromRowToRow) {
  const Golden golden("bert-cls");
  const auto model = Model::open(golden.folder);
  const Sequence sequence = golden.sequence(0), baseline = [&] {
    Sequence b = golden.sequence(0);
    b.ids = golden.integers(0, "baseline_ids");
    return b;
  }();
  Tensor both = Tensor::empty({2 * sequence.size(), model->info().embedding});
  const auto a = model->word_embeddings(sequence.ids).to_vector<float>();
  const auto b = model->word_embeddings(baseline.ids).to_vector<float>();
  std::copy(a.begin(), a.end(), both.mutable_data<float>());
  std::copy(b.begin(), b.end(), both.mutable_data<float>() + a.size());
  ascribo::Run run;
  run.replace({Tap::kWordEmbeddings}, both);
  // The ids say the same text twice; the values put in decide.
  const Tensor found = model->forward(batch_of({sequence, sequence}), run).value();
  EXPECT_EQ(found.to_vector<float>(),
            logits_of(*model, batch_of({sequence, baseline})).to_vector<float>());
}

void expect_refused(const Model& model, TapPoint point, const Tensor& value,
                    const std::string& message) {
  const Batch batch = batch_of({plain_sequence({2, 25, 413, 3})});
  ascribo::Run run;
  run.replace(point, value);
  try {
    model.forward(batch, run);
    ADD_FAILURE() << "accepted " << to_string(point);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_EQ(error.what(), message);
  }
}

TEST(Taps, ValuesThatDoNotFitAreRefused) {
  const auto model = Model::open(golden_folder() / "bert-cls");
  expect_refused(*model, {Tap::kWordEmbeddings}, Tensor::zeros({3, 32}),
                 "[run] the value put in at word_embeddings is F32 [3, 32]; "
                 "expected F32 [4, 32] for this batch.");
  expect_refused(*model, {Tap::kHidden, 1}, Tensor::zeros({4, 32}, Dtype::kF64),
                 "[run] the value put in at hidden:1 is F64 [4, 32]; "
                 "expected F32 [4, 32] for this batch.");
  expect_refused(*model, {Tap::kAttnProbs, 0}, Tensor::zeros({4, 4, 4}),
                 "[run] the value put in at attn_probs:0 is F32 [4, 4, 4]; "
                 "expected F32 [64] for this batch.");
  expect_refused(*model, {Tap::kHidden, 9}, Tensor::zeros({4, 32}),
                 "[run] a value is put in at hidden:9; expected hidden:0 to hidden:3.");
  expect_refused(
      *model, {Tap::kLogits}, Tensor::zeros({2, 3}),
      "[run] the value put in at logits is F32 [2, 3]; expected F32 [1, 3] for this batch.");
}

}  // namespace
}  // namespace ascribo::test

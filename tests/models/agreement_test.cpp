// SPDX-License-Identifier: MIT
// Full-size checkpoints against records that tools/agree_with_transformers.py made in double.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

std::vector<double> numbers(const Json& array) {
  std::vector<double> values;
  array.elements([&](const Json& v) { values.push_back(v.number()); });
  return values;
}

Tensor matrix(const Json& rows) {
  std::vector<double> values;
  rows.elements([&](const Json& row) {
    const std::vector<double> each = numbers(row);
    values.insert(values.end(), each.begin(), each.end());
  });
  const auto count = static_cast<std::int64_t>(rows.size());
  return Tensor::from<double>(values, {count, static_cast<std::int64_t>(values.size()) / count});
}

Sequence sequence_of(const Json& text) {
  Sequence sequence;
  text.at("ids").elements([&](const Json& id) {
    sequence.positions.push_back(sequence.size());
    sequence.ids.push_back(id.integer());
  });
  text.at("type_ids").elements([&](const Json& t) { sequence.type_ids.push_back(t.integer()); });
  return sequence;
}

/// Per target and token: gradient times word embedding, and the gradient's L2 norm.
std::pair<Tensor, Tensor> summarise(const Tensor& gradient, const Tensor& words) {
  const std::vector<double> g = gradient.to_vector<double>(), w = words.to_vector<double>();
  const Shape shape{gradient.dim(0), gradient.dim(1)};
  const auto width = static_cast<std::size_t>(gradient.dim(2));
  std::vector<double> products, norms;
  for (std::size_t at = 0; at < g.size(); at += width) {
    double product = 0, square = 0;
    for (std::size_t d = 0; d < width; ++d) {
      product += g[at + d] * w[(at + d) % w.size()];
      square += g[at + d] * g[at + d];
    }
    products.push_back(product);
    norms.push_back(std::sqrt(square));
  }
  return {Tensor::from<double>(products, shape), Tensor::from<double>(norms, shape)};
}

/// Texts with more than `longest` tokens are left out.
void expect_agreement(const std::filesystem::path& folder, const std::string& name, Dtype compute,
                      double tolerance, std::int64_t longest = 512) {
  const auto model = Model::open(folder, compute);
  const Json record =
      Json::parse(read_text(golden_folder() / "agreement" / (name + ".json")), name + ".json");
  record.at("texts").elements([&](const Json& text) {
    const std::string what(text.at("text").string());
    if (sequence_of(text).size() > longest) return;
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch_of({sequence_of(text)}), run);
    const std::vector<double> expected = numbers(text.at("logits"));
    const Tensor wanted = Tensor::from<double>(expected, logits.value().shape());
    EXPECT_LT(relative_error(logits.value(), wanted), tolerance) << what;
    const Tensor seeds = every_output(logits.value().cols(), compute);
    const Tensor gradient = run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0);
    const auto [products, norms] = summarise(gradient, run.at({Tap::kWordEmbeddings}).value());
    // A token's product is a sum of terms that cancel: its error is that of the terms.
    EXPECT_LT(relative_error(norms, matrix(text.at("gradient_norm"))), tolerance) << what;
    EXPECT_LT(relative_error(products, matrix(text.at("input_x_gradient"))), 5 * tolerance) << what;
  });
}

TEST(Agreement, ShippedModelInFloat) {
  expect_agreement(std::filesystem::path(ASCRIBO_SOURCE_DIR) / "models/sst2-minilm", "sst2-minilm",
                   Dtype::kF32, 2e-5);
}

// Records keep nine digits. Double is for checking and slow: the short texts will do.
TEST(Agreement, ShippedModelInDouble) {
  expect_agreement(std::filesystem::path(ASCRIBO_SOURCE_DIR) / "models/sst2-minilm", "sst2-minilm",
                   Dtype::kF64, 1e-8, 20);
}

class FullSize : public testing::TestWithParam<const char*> {};

TEST_P(FullSize, AgreesInFloat) {
  const char* models = std::getenv("ASCRIBO_FULL_MODELS");
  if (models == nullptr) {
    GTEST_SKIP() << "ASCRIBO_FULL_MODELS does not name a folder with full-size checkpoints "
                    "(tests/golden/agreement/README.md)";
  }
  expect_agreement(std::filesystem::path(models) / GetParam(), GetParam(), Dtype::kF32, 2e-5);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, FullSize,
                         testing::Values("bert-base", "electra-small", "distilbert-base"),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace ascribo::test

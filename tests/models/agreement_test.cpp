// SPDX-License-Identifier: MIT
// Full-size checkpoints against records that tools/agree_with_transformers.py made in double.
#include <gtest/gtest.h>

#include <algorithm>
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

/// Positions as transformers numbers embeddings: padding is not seen in them.
Sequence sequence_of(const Json& text, const ModelInfo& model) {
  const std::int64_t first = model.padding_position ? *model.padding_position + 1 : 0;
  Sequence sequence;
  text.at("ids").elements([&](const Json& id) {
    sequence.positions.push_back(first + sequence.size());
    sequence.ids.push_back(id.integer());
  });
  text.at("type_ids").elements([&](const Json& t) { sequence.type_ids.push_back(t.integer()); });
  if (const auto place = text.find("place")) sequence.reads = {place->integer()};
  return sequence;
}

/// The outputs whose gradients are recorded.
std::vector<std::int64_t> targets_of(const Json& text, std::int64_t outputs) {
  std::vector<std::int64_t> targets;
  if (const auto some = text.find("targets")) {
    some->elements([&](const Json& target) { targets.push_back(target.integer()); });
  } else {
    for (std::int64_t each = 0; each < outputs; ++each) targets.push_back(each);
  }
  return targets;
}

/// Per target and token: gradient times word embedding, and the L2 norms of the gradient and of
/// the terms of that product.
struct Summary {
  Tensor products, norms, terms;
};

Summary summarise(const Tensor& gradient, const Tensor& words) {
  const std::vector<double> g = gradient.to_vector<double>(), w = words.to_vector<double>();
  const Shape shape{gradient.dim(0), gradient.dim(1)};
  const auto width = static_cast<std::size_t>(gradient.dim(2));
  std::vector<double> products, norms, terms;
  for (std::size_t at = 0; at < g.size(); at += width) {
    double product = 0, square = 0, term = 0;
    for (std::size_t d = 0; d < width; ++d) {
      const double each = g[at + d] * w[(at + d) % w.size()];
      product += each;
      square += g[at + d] * g[at + d];
      term += each * each;
    }
    products.push_back(product);
    norms.push_back(std::sqrt(square));
    terms.push_back(std::sqrt(term));
  }
  return {Tensor::from<double>(products, shape), Tensor::from<double>(norms, shape),
          Tensor::from<double>(terms, shape)};
}

double largest(const Tensor& tensor) {
  double found = 0;
  for (const double value : tensor.to_vector<double>()) found = std::max(found, std::abs(value));
  return found;
}

struct Recorded {
  const char* name;
  /// Nothing is added to words before they are normalised: the product of a word with its gradient
  /// is next to 0, and has only its terms to be measured by.
  bool words_alone = false;

  friend std::ostream& operator<<(std::ostream& out, const Recorded& recorded) {
    return out << recorded.name;
  }
};

/// Texts with more than `longest` tokens are left out.
void expect_agreement(const std::filesystem::path& folder, const Recorded& recorded, Dtype compute,
                      double tolerance, std::int64_t longest = 512) {
  const std::string name = recorded.name;
  const auto model = Model::open(folder, compute);
  const Json record =
      Json::parse(read_text(golden_folder() / "agreement" / (name + ".json")), name + ".json");
  int compared = 0;
  record.at("texts").elements([&](const Json& text) {
    const std::string what(text.at("text").string());
    const Sequence sequence = sequence_of(text, model->info());
    if (sequence.size() > longest) return;
    ++compared;
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch_of({sequence}), run);
    const std::vector<double> expected = numbers(text.at("logits"));
    const Tensor wanted = Tensor::from<double>(expected, logits.value().shape());
    EXPECT_LT(relative_error(logits.value(), wanted), tolerance) << what;
    const Tensor seeds = seeds_at(targets_of(text, logits.value().cols()), logits.value());
    const Tensor gradient = run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0);
    const Summary found = summarise(gradient, run.at({Tap::kWordEmbeddings}).value());
    EXPECT_LT(relative_error(found.norms, matrix(text.at("gradient_norm"))), tolerance) << what;
    // A token's product is a sum of terms that cancel: its error is that of the terms.
    const Tensor products = matrix(text.at("input_x_gradient"));
    const double share = recorded.words_alone ? largest(products) / largest(found.terms) : 1.0 / 5;
    EXPECT_LT(relative_error(found.products, products) * share, tolerance) << what;
  });
  EXPECT_GT(compared, 0);
}

TEST(Agreement, ShippedModelInFloat) {
  expect_agreement(std::filesystem::path(ASCRIBO_SOURCE_DIR) / "models/sst2-minilm",
                   {"sst2-minilm"}, Dtype::kF32, 2e-5);
}

// Records keep nine digits. Double is for checking and slow: the short texts will do.
TEST(Agreement, ShippedModelInDouble) {
  expect_agreement(std::filesystem::path(ASCRIBO_SOURCE_DIR) / "models/sst2-minilm",
                   {"sst2-minilm"}, Dtype::kF64, 1e-8, 20);
}

class Variant : public testing::TestWithParam<Recorded> {
 protected:
  std::filesystem::path folder = golden_folder() / "agreement" / GetParam().name;
};

TEST_P(Variant, AgreesInFloat) { expect_agreement(folder, GetParam(), Dtype::kF32, 2e-5); }

// As far as the records go: transformers rounds some constants to single precision.
TEST_P(Variant, AgreesInDouble) { expect_agreement(folder, GetParam(), Dtype::kF64, 1e-6); }

TEST_P(Variant, HiddenTokensCountForNothing) {
  const auto model = Model::open(folder);
  Sequence sequence = plain_sequence({2, 25, 413, 478, 107, 150, 7, 508, 3});
  sequence.visible = {1, 1, 0, 1, 1, 1, 1, 0, 1};
  const std::vector<float> before = logits_of(*model, batch_of({sequence})).to_vector<float>();
  sequence.ids[2] = 99;
  sequence.ids[7] = 100;
  EXPECT_EQ(logits_of(*model, batch_of({sequence})).to_vector<float>(), before);
}

TEST_P(Variant, SkippingRowsOfTheLastLayerChangesNoBit) {
  const auto model = Model::open(folder);
  const Batch batch =
      batch_of({plain_sequence({2, 25, 413, 3}), plain_sequence({2, 508, 7, 9, 3})});
  ascribo::Run run;
  run.capture({Tap::kHidden, static_cast<int>(model->info().layers)});
  EXPECT_EQ(model->forward(batch, run).value().to_vector<float>(),
            logits_of(*model, batch).to_vector<float>());
}

INSTANTIATE_TEST_SUITE_P(Configs, Variant,
                         testing::Values(Recorded{"albert-groups"},
                                         Recorded{"deberta-v2-convolution", true},
                                         Recorded{"deberta-v2-one-way"},
                                         Recorded{"deberta-v2-own-keys"},
                                         Recorded{"modernbert-mean", true}),
                         [](const auto& info) { return test_name(info.param.name); });

class HeadVariant : public Variant {};

TEST_P(HeadVariant, AgreesInFloat) { expect_agreement(folder, GetParam(), Dtype::kF32, 2e-5); }
TEST_P(HeadVariant, AgreesInDouble) { expect_agreement(folder, GetParam(), Dtype::kF64, 1e-6); }

INSTANTIATE_TEST_SUITE_P(
    Heads, HeadVariant,
    testing::Values(Recorded{"albert-mlm"}, Recorded{"albert-qa"}, Recorded{"albert-tokens"},
                    Recorded{"mpnet-mlm"}, Recorded{"mpnet-qa"}, Recorded{"mpnet-tokens"},
                    Recorded{"deberta-v2-mlm"}, Recorded{"deberta-v2-original-mlm"},
                    Recorded{"deberta-v2-qa"}, Recorded{"deberta-v2-tokens"},
                    Recorded{"modernbert-mlm", true}, Recorded{"modernbert-qa", true},
                    Recorded{"modernbert-tokens", true}),
    [](const auto& info) { return test_name(info.param.name); });

// Checkpoints that are too large to ship, or whose weights are somebody else's.
class FullSize : public testing::TestWithParam<Recorded> {
 protected:
  /// Where the checkpoint is; skips the test where it is not.
  void SetUp() override {
    const char* models = std::getenv("ASCRIBO_FULL_MODELS");
    if (models == nullptr) {
      GTEST_SKIP() << "ASCRIBO_FULL_MODELS does not name a folder with full-size checkpoints "
                      "(tests/golden/agreement/README.md)";
    }
    folder = std::filesystem::path(models) / GetParam().name;
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  }

  std::filesystem::path folder;
};

TEST_P(FullSize, AgreesInFloat) { expect_agreement(folder, GetParam(), Dtype::kF32, 2e-5); }

INSTANTIATE_TEST_SUITE_P(Checkpoints, FullSize,
                         testing::Values(Recorded{"bert-base"}, Recorded{"electra-small"},
                                         Recorded{"distilbert-base"}, Recorded{"roberta-base"},
                                         Recorded{"xlm-roberta-base"}, Recorded{"camembert-base"},
                                         Recorded{"albert-base"}, Recorded{"mpnet-base"},
                                         Recorded{"deberta-v3-base", true},
                                         Recorded{"modernbert-base", true}),
                         [](const auto& info) { return test_name(info.param.name); });

class Trained : public FullSize {};

TEST_P(Trained, AgreesInFloat) { expect_agreement(folder, GetParam(), Dtype::kF32, 1e-5); }
TEST_P(Trained, AgreesInDouble) { expect_agreement(folder, GetParam(), Dtype::kF64, 1e-8, 80); }

INSTANTIATE_TEST_SUITE_P(Checkpoints, Trained,
                         testing::Values(Recorded{"rxnmapper-albert"}, Recorded{"rxnfp"},
                                         Recorded{"all-minilm-l6-v2"}),
                         [](const auto& info) { return test_name(info.param.name); });

}  // namespace
}  // namespace ascribo::test

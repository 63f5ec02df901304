// SPDX-License-Identifier: MIT
// Full-size checkpoints against records that tools/agree_with_transformers.py made in double.
#include "tests/models/agreement.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/folders.h"

namespace ascribo::test {
namespace {

TEST(Agreement, ShippedModelInFloat) {
  expect_agreement(test::source_folder() / "models/sst2-minilm", {"sst2-minilm"}, Dtype::kF32,
                   2e-5);
}

// Records keep nine digits. Double is for checking and slow: the short texts will do.
TEST(Agreement, ShippedModelInDouble) {
  expect_agreement(test::source_folder() / "models/sst2-minilm", {"sst2-minilm"}, Dtype::kF64, 1e-8,
                   20);
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
                                         Recorded{"modernbert-base", true}, Recorded{"gpt2"}),
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

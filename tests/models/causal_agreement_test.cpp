// SPDX-License-Identifier: MIT
// Configs and heads of causal models against records that tools/make_causal_variants.py made.
#include <gtest/gtest.h>

#include "tests/models/agreement.h"

namespace ascribo::test {
namespace {

class CausalVariant : public testing::TestWithParam<Recorded> {
 protected:
  std::filesystem::path folder = golden_folder() / "agreement" / GetParam().name;
};

TEST_P(CausalVariant, AgreesInFloat) { expect_agreement(folder, GetParam(), Dtype::kF32, 2e-5); }

// As far as the records go: transformers rounds some values to single precision.
TEST_P(CausalVariant, AgreesInDouble) { expect_agreement(folder, GetParam(), Dtype::kF64, 1e-6); }

TEST_P(CausalVariant, SkippingRowsOfTheLastLayerChangesNoBit) {
  const auto model = Model::open(folder);
  std::vector<Sequence> sequences{plain_sequence({2, 25, 41, 3, 7, 19, 5}),
                                  plain_sequence({2, 50, 7, 9, 3})};
  if (answers_tokens(model->info().head)) sequences[0].reads = {3, 5}, sequences[1].reads = {4};
  const Batch batch = batch_of(sequences);
  ascribo::Run run;
  run.capture({Tap::kHidden, static_cast<int>(model->info().layers)});
  EXPECT_EQ(model->forward(batch, run).value().to_vector<float>(),
            logits_of(*model, batch).to_vector<float>());
}

INSTANTIATE_TEST_SUITE_P(
    Configs, CausalVariant,
    testing::Values(Recorded{"gpt2-inverse"}, Recorded{"gpt2-untied-silu"}, Recorded{"gpt2-tokens"},
                    Recorded{"gpt2-qa"}, Recorded{"gpt2-base"}, Recorded{"opt-projected"},
                    Recorded{"opt-projected-cls"}, Recorded{"opt-projected-base"},
                    Recorded{"opt-no-biases-qa"}, Recorded{"opt-no-final-norm"},
                    Recorded{"gpt-neox-serial"}, Recorded{"gpt-neox-tied"},
                    Recorded{"gpt-neox-cls"}, Recorded{"gpt-neox-tokens"}, Recorded{"gpt-neox-qa"},
                    Recorded{"bloom-six-heads", true}, Recorded{"bloom-cls", true},
                    Recorded{"bloom-tokens", true}, Recorded{"bloom-qa", true},
                    Recorded{"bloom-base", true}, Recorded{"llama-biases"},
                    Recorded{"llama-llama3"}, Recorded{"llama-linear"}, Recorded{"llama-yarn"},
                    Recorded{"llama-qa"}, Recorded{"llama-base"}, Recorded{"mistral-cls"},
                    Recorded{"mistral-tokens"}, Recorded{"mistral-qa"}, Recorded{"qwen2-windows"},
                    Recorded{"qwen2-layer-types"}, Recorded{"qwen2-tokens"}, Recorded{"qwen2-qa"},
                    Recorded{"qwen3-untied"}, Recorded{"qwen3-cls"}, Recorded{"qwen3-tokens"},
                    Recorded{"qwen3-qa"}, Recorded{"qwen3-base"}, Recorded{"gemma-biases"},
                    Recorded{"gemma-cls"}, Recorded{"gemma-tokens"}, Recorded{"phi3-windows"},
                    Recorded{"phi3-tokens"}),
    [](const auto& info) { return test_name(info.param.name); });

}  // namespace
}  // namespace ascribo::test

// SPDX-License-Identifier: MIT
// Causal checkpoints as people have published them over the years open like the plain ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"
#include "tests/models/shortened.h"

namespace ascribo::test {
namespace {

/// What a model answers to a short text and a long one, at every token where it answers tokens.
std::vector<float> answers(const Model& model) {
  std::vector<Sequence> texts{plain_sequence({2, 9, 4})};
  texts.push_back(plain_sequence(
      {7, 31, 5, 5, 48, 20, 59, 1, 13, 26, 40, 8, 52, 19, 36, 24, 3, 55, 10, 47, 29, 15, 0, 38}));
  return logits_of(model, batch_of(texts)).to_vector<float>();
}

std::vector<float> plain_answers(const std::string& name) {
  return answers(*Model::open(golden_folder() / name));
}

struct Family {
  const char* golden;
  const char* prefix;       // with its dot
  const char* first_layer;  // likewise
  bool tied = false;        // as config.json says
  bool by_default = true;   // a config that does not say so means the same
  friend std::ostream& operator<<(std::ostream& out, const Family& family) {
    return out << family.golden;
  }
};

class PublishedCausal : public testing::TestWithParam<Family> {
 protected:
  PublishedCausal() : checkpoint(GetParam().golden), plain(plain_answers(GetParam().golden)) {}

  /// The rewritten checkpoint answers to the last bit what the golden one answers.
  void expect_same() const { EXPECT_EQ(answers(*checkpoint.open()), plain); }

  Rewritten checkpoint;
  std::vector<float> plain;
};

TEST_P(PublishedCausal, WithoutTheBasePrefix) {
  const std::string prefix = GetParam().prefix;
  checkpoint.rename([&](const std::string& name) {
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  });
  for (const auto& [name, tensor] : checkpoint.tensors) ASSERT_FALSE(name.starts_with(prefix));
  expect_same();
}

TEST_P(PublishedCausal, BehindAWrapper) {
  checkpoint.rename([](const std::string& name) { return "module." + name; });
  expect_same();
}

TEST_P(PublishedCausal, BuffersOfOldReleases) {
  std::vector<std::string> buffers;
  for (const char* name :
       {"attn.bias", "attn.masked_bias", "attention.bias", "attention.masked_bias",
        "attention.rotary_emb.inv_freq", "self_attn.rotary_emb.inv_freq"}) {
    buffers.push_back(std::string(GetParam().prefix) + GetParam().first_layer + name);
    checkpoint.tensors[buffers.back()] = zeros("F32", {1, 1, 2, 2});
  }
  expect_same();
  EXPECT_THAT(checkpoint.open()->info().unused, testing::UnorderedElementsAreArray(buffers));
}

// Whatever it holds: the config is believed, as transformers does.
TEST_P(PublishedCausal, TiedModelsMayCarryAnOutputMatrix) {
  if (!GetParam().tied) return;  // its own matrix is used
  checkpoint.tensors["lm_head.weight"] = zeros("F32", {800, 32});
  expect_same();
  EXPECT_THAT(checkpoint.open()->info().unused, testing::ElementsAre("lm_head.weight"));
}

TEST_P(PublishedCausal, ConfigsThatDoNotSayWhetherTheyAreTied) {
  checkpoint.drop_from_config("tie_word_embeddings");
  if (GetParam().by_default) return expect_same();
  EXPECT_THAT(error_text(Code::kBadCheckpoint, [&] { checkpoint.open(); }),
              testing::HasSubstr("\"lm_head.weight\" is missing; expected a weight of shape "
                                 "[800, 32]"));
}

TEST_P(PublishedCausal, HalfAndBrainFloats) {
  for (const bool brain : {false, true}) {
    checkpoint = Rewritten(GetParam().golden);
    Rewritten same_values(GetParam().golden);
    shorten(checkpoint.tensors, same_values.tensors, brain);
    const auto model = checkpoint.open();
    EXPECT_EQ(model->info().modules.front().dtype, brain ? Dtype::kBF16 : Dtype::kF16);
    EXPECT_EQ(answers(*model), answers(*same_values.open()));
    EXPECT_NE(answers(*model), plain);
  }
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, PublishedCausal,
                         testing::Values(Family{"gpt2-lm", "transformer.", "h.0.", true},
                                         Family{"opt-lm", "model.", "decoder.layers.0.", true},
                                         Family{"gpt-neox-lm", "gpt_neox.", "layers.0."},
                                         Family{"bloom-lm", "transformer.", "h.0.", true},
                                         Family{"llama-lm", "model.", "layers.0."},
                                         Family{"mistral-lm", "model.", "layers.0."},
                                         Family{"qwen2-lm", "model.", "layers.0.", true, false},
                                         Family{"qwen3-lm", "model.", "layers.0.", true, false},
                                         Family{"gemma-lm", "model.", "layers.0.", true},
                                         Family{"phi3-lm", "model.", "layers.0."}),
                         [](const auto& info) { return test_name(info.param.golden); });

// Transformers 5 calls it lm_head in memory, and embed_out in files, as it has always been.
TEST(PublishedGPTNeoX, OutputMatrixOfEitherName) {
  Rewritten checkpoint("gpt-neox-lm");
  checkpoint.rename([](const std::string& name) {
    return name == "embed_out.weight" ? std::string("lm_head.weight") : name;
  });
  ASSERT_TRUE(checkpoint.tensors.contains("lm_head.weight"));
  EXPECT_EQ(answers(*checkpoint.open()), plain_answers("gpt-neox-lm"));
}

struct Rewording {
  const char* name;
  const char* golden;
  std::vector<const char*> without;  // fields of config.json
  const char* with;                  // fields in their place
};

// Configs as transformers 4 and earlier wrote them mean what those of transformers 5 mean.
TEST(PublishedLongAgo, ConfigsOfCausalModels) {
  const std::vector<Rewording> rewordings{
      {"rotary_pct",
       "agreement/gpt-neox-serial",
       {"rope_parameters"},
       R"("rotary_pct": 0.5, "rotary_emb_base": 5000)"},
      {"defaults of GPT-NeoX", "gpt-neox-lm", {"rope_parameters", "attention_bias"}, R"("x": 0)"},
      {"theta",
       "agreement/mistral-cls",
       {"rope_parameters"},
       R"("rope_theta": 10000.0, "rope_scaling": null)"},
      {"llama3",
       "agreement/llama-llama3",
       {"rope_parameters"},
       R"("rope_theta": 500.0, "rope_scaling": {"rope_type": "llama3", "factor": 8.0,
          "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 20})"},
      {"linear",
       "agreement/llama-linear",
       {"rope_parameters"},
       R"("rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 4.0})"},
      {"yarn",
       "agreement/llama-yarn",
       {"rope_parameters"},
       R"("rope_theta": 500.0, "rope_scaling": {"type": "yarn", "factor": 4.0, "beta_fast": 8.0,
          "beta_slow": 0.5, "original_max_position_embeddings": 40})"},
      {"partial rotary",
       "phi3-lm",
       {"rope_parameters"},
       R"("rope_theta": 10000.0, "partial_rotary_factor": 0.5, "rope_scaling": null)"},
      {"windows from a layer on", "agreement/qwen2-windows", {"layer_types"}, R"("x": 0)"},
      {"no windows",
       "agreement/qwen2-qa",
       {"layer_types", "sliding_window"},
       R"("sliding_window": 2)"},
      {"BLOOM",
       "bloom-lm",
       {"hidden_size", "n_head"},
       R"("n_embed": 32, "num_attention_heads": 4)"}};
  for (const Rewording& each : rewordings) {
    Rewritten checkpoint(each.golden);
    for (const char* field : each.without) checkpoint.drop_from_config(field);
    checkpoint.add_to_config(each.with);
    EXPECT_EQ(answers(*checkpoint.open()), plain_answers(each.golden)) << each.name;
  }
}

// Without architectures, the weights tell; a tied language model has none but the base model's.
TEST(PublishedLongAgo, HeadsOfCausalModels) {
  for (const char* name : {"gpt2-lm", "llama-lm", "gpt-neox-lm", "agreement/llama-qa",
                           "agreement/llama-base", "agreement/mistral-cls"}) {
    Rewritten checkpoint(name);
    checkpoint.drop_from_config("architectures");
    const auto model = Model::open(golden_folder() / name), opened = checkpoint.open();
    EXPECT_EQ(opened->info().architecture, model->info().architecture);
    EXPECT_EQ(answers(*opened), answers(*model));
  }
}

// Sentence encoders made of causal models: the mean of all tokens, or the last one's vector.
TEST(CausalSentenceEncoders, PoolAsTheirFolderSays) {
  const Rewritten checkpoint("agreement/qwen3-base");
  const Batch batch = batch_of({plain_sequence({7, 31, 5, 48, 20})});
  const auto model = checkpoint.open();
  ascribo::Run run;
  const TapPoint last{Tap::kHidden, static_cast<int>(model->info().layers)};
  run.capture(last);
  const Tensor mean = model->forward(batch, run).value();
  const std::vector<double> hidden = run.at(last).value().to_vector<double>();
  std::vector<double> sum(16), final(hidden.end() - 16, hidden.end());
  for (std::size_t i = 0; i < hidden.size(); ++i) sum[i % 16] += hidden[i] / 5;
  EXPECT_LT(relative_error(mean, Tensor::from<double>(sum, {1, 16})), 1e-6);
  std::filesystem::create_directories(checkpoint.folder->path() / "1_Pooling");
  write_text(checkpoint.folder->path() / "1_Pooling" / "config.json",
             R"({"word_embedding_dimension": 16, "pooling_mode_mean_tokens": false,
                 "pooling_mode_lasttoken": true})");
  EXPECT_LT(
      relative_error(logits_of(*checkpoint.open(), batch), Tensor::from<double>(final, {1, 16})),
      1e-6);
}

}  // namespace
}  // namespace ascribo::test

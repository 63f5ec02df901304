// SPDX-License-Identifier: MIT
// Causal checkpoints that would compute something else, or do not fit together, are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"

namespace ascribo::test {
namespace {

using testing::HasSubstr;

// What is said of the golden checkpoint with `field` in its config, in place of its own if any.
std::string refusal(const std::string& golden, const std::string& field, Code code) {
  Rewritten checkpoint(golden);
  const std::string key = field.substr(1, field.find('"', 1) - 1);
  if (checkpoint.config.find('"' + key + '"') != std::string::npos)
    checkpoint.drop_from_config(key);
  checkpoint.add_to_config(field);
  return error_text(code, [&] { checkpoint.open(); });
}

TEST(RefusedCausal, WhatIsNoDecoderOfItsOwn) {
  for (const char* name : {"gpt2-lm", "opt-lm", "gpt-neox-lm", "bloom-lm", "llama-lm", "mistral-lm",
                           "qwen2-lm", "qwen3-lm", "gemma-lm", "phi3-lm"}) {
    for (const std::string key :
         {"add_cross_attention", "is_encoder_decoder", "use_bidirectional_attention"}) {
      EXPECT_EQ(refusal(name, '"' + key + "\": true", Code::kUnsupported),
                "[config.json] " + key +
                    " is true; expected a decoder, in which every token sees "
                    "itself and those before it.")
          << name;
    }
  }
}

TEST(RefusedCausal, Gpt2) {
  EXPECT_EQ(refusal("gpt2-lm", "\"scale_attn_weights\": false", Code::kUnsupported),
            "[config.json] scale_attn_weights is false; expected true.");
  EXPECT_EQ(
      refusal("gpt2-lm", "\"n_head\": 5", Code::kBadCheckpoint),
      "[config.json] n_embd is 32 with 5 n_head; expected a multiple of the number of heads.");
  EXPECT_EQ(refusal("gpt2-lm", "\"n_inner\": 0", Code::kBadCheckpoint),
            "[config.json] n_inner is 0; expected at least 1.");
}

TEST(RefusedCausal, Opt) {
  EXPECT_EQ(refusal("opt-lm", "\"layer_norm_elementwise_affine\": false", Code::kUnsupported),
            "[config.json] layer_norm_elementwise_affine is false; expected norms with weights.");
  Rewritten narrow("opt-lm");
  narrow.edit_config("\"word_embed_proj_dim\": 32", "\"word_embed_proj_dim\": 16");
  EXPECT_EQ(error_text(Code::kBadCheckpoint, [&] { narrow.open(); }),
            "[weights] \"model.decoder.embed_tokens.weight\" has shape [800, 32]; expected [800, "
            "16], as config.json says.");
}

TEST(RefusedCausal, Bloom) {
  EXPECT_EQ(
      refusal("bloom-lm", "\"apply_residual_connection_post_layernorm\": true", Code::kUnsupported),
      "[config.json] apply_residual_connection_post_layernorm is true; expected residuals "
      "that pass by the norms.");
  EXPECT_EQ(refusal("bloom-lm", "\"n_head\": 3", Code::kBadCheckpoint),
            "[config.json] hidden_size is 32 with 3 n_head; expected a multiple of the number of "
            "heads.");
  EXPECT_EQ(refusal("bloom-lm", "\"n_layer\": 1000000000000", Code::kBadCheckpoint),
            "[config.json] n_layer is 1000000000000; expected at most 10000.");
}

TEST(RefusedCausal, HeadsThatCannotBeShared) {
  EXPECT_EQ(
      refusal("llama-lm", "\"num_key_value_heads\": 3", Code::kBadCheckpoint),
      "[config.json] num_attention_heads is 4 with 3 num_key_value_heads; expected a multiple "
      "of the number of heads.");
  EXPECT_EQ(
      refusal("llama-lm", "\"num_key_value_heads\": 8", Code::kBadCheckpoint),
      "[config.json] num_attention_heads is 4 with 8 num_key_value_heads; expected a multiple "
      "of the number of heads.");
  EXPECT_EQ(
      refusal("llama-lm", "\"num_key_value_heads\": 4", Code::kBadCheckpoint),
      "[weights] \"model.layers.0.self_attn.k_proj.weight\" has shape [16, 32]; expected [32, "
      "32], as config.json says.");
}

TEST(RefusedCausal, LayerTypes) {
  const char* three = "\"layer_types\": [\"full_attention\", \"chunked_attention\", \"mamba\"]";
  for (const char* name : {"qwen2-lm", "qwen3-lm"}) {
    EXPECT_EQ(refusal(name, three, Code::kUnsupported),
              "[config.json] layer_types names \"chunked_attention\"; expected full_attention or "
              "sliding_attention.");
    EXPECT_EQ(refusal(name, "\"layer_types\": [\"full_attention\"]", Code::kBadCheckpoint),
              "[config.json] layer_types names 1 layers; expected 3, as num_hidden_layers says.");
  }
  EXPECT_EQ(refusal("mistral-lm", "\"sliding_window\": 0", Code::kBadCheckpoint),
            "[config.json] sliding_window is 0; expected at least 1.");
}

TEST(RefusedCausal, RotaryPositions) {
  const auto rotary = [](const std::string& golden, const std::string& fields, Code code) {
    return refusal(golden, "\"rope_parameters\": {\"rope_theta\": 10000.0, " + fields + "}", code);
  };
  EXPECT_EQ(refusal("llama-lm", "\"head_dim\": 7", Code::kBadCheckpoint),
            "[config.json] positions turn 1.000000 of heads of 7 columns; expected an even number "
            "of columns, at most all of them.");
  EXPECT_EQ(rotary("gpt-neox-lm", "\"partial_rotary_factor\": 0.4", Code::kBadCheckpoint),
            "[config.json] positions turn 0.400000 of heads of 8 columns; expected an even number "
            "of columns, at most all of them.");
  for (const char* share : {"0", "-1", "1.5", "1e300", "0.1"}) {
    EXPECT_THAT(
        rotary("phi3-lm", std::string("\"partial_rotary_factor\": ") + share, Code::kBadCheckpoint),
        HasSubstr("expected an even number of columns"))
        << share;
  }
  for (const char* kind : {"longrope", "dynamic", "su"}) {
    EXPECT_THAT(rotary("phi3-lm",
                       std::string("\"rope_type\": \"") + kind +
                           "\", \"factor\": 2.0, \"short_factor\": [1.0]",
                       Code::kUnsupported),
                HasSubstr("[config.json] rope_parameters.rope_type is \"" + std::string(kind) +
                          "\"; expected \"default\", \"linear\", \"llama3\" or \"yarn\""));
  }
}

// The golden checkpoint's weight of this name has another shape.
std::string misshapen(const std::string& golden, const std::string& weight, const Shape& shape) {
  Rewritten checkpoint(golden);
  if (!checkpoint.tensors.contains(weight)) return "there is no " + weight;
  checkpoint.tensors[weight] = zeros("F32", shape);
  return error_text(Code::kBadCheckpoint, [&] { checkpoint.open(); });
}

std::string misshapen_text(const std::string& weight, const char* given, const char* expected) {
  return "[weights] \"" + weight + "\" has shape " + given + "; expected " + expected +
         ", as config.json says.";
}

TEST(RefusedCausal, MisshapenWeights) {
  const std::string turned = "transformer.h.1.attn.c_attn.weight";
  EXPECT_EQ(misshapen("gpt2-lm", turned, {96, 32}), misshapen_text(turned, "[96, 32]", "[32, 96]"));
  const std::string wide = "transformer.h.0.mlp.c_fc.weight";
  EXPECT_EQ(misshapen("gpt2-lm", wide, {128, 32}), misshapen_text(wide, "[128, 32]", "[32, 128]"));
  const std::string bias = "transformer.h.0.attn.c_attn.bias";
  EXPECT_EQ(misshapen("gpt2-lm", bias, {32}), misshapen_text(bias, "[32]", "[96]"));
  const std::string by_head = "gpt_neox.layers.2.attention.query_key_value.weight";
  EXPECT_EQ(misshapen("gpt-neox-lm", by_head, {32, 96}),
            misshapen_text(by_head, "[32, 96]", "[96, 32]"));
  const std::string fused = "model.layers.0.self_attn.qkv_proj.weight";
  EXPECT_EQ(misshapen("phi3-lm", fused, {96, 32}), misshapen_text(fused, "[96, 32]", "[64, 32]"));
  const std::string gated = "model.layers.0.mlp.gate_up_proj.weight";
  EXPECT_EQ(misshapen("phi3-lm", gated, {64, 32}), misshapen_text(gated, "[64, 32]", "[128, 32]"));
  const std::string norm = "model.layers.1.self_attn.q_norm.weight";
  EXPECT_EQ(misshapen("qwen3-lm", norm, {32}), misshapen_text(norm, "[32]", "[8]"));
  const std::string positions = "model.decoder.embed_positions.weight";
  EXPECT_EQ(misshapen("opt-lm", positions, {80, 32}),
            misshapen_text(positions, "[80, 32]", "[82, 32]"));
  const std::string head = "lm_head.weight";
  EXPECT_EQ(misshapen("llama-lm", head, {32, 800}), misshapen_text(head, "[32, 800]", "[800, 32]"));
}

TEST(RefusedCausal, MissingOutputMatrix) {
  Rewritten checkpoint("mistral-lm");
  checkpoint.tensors.erase("lm_head.weight");
  EXPECT_EQ(error_text(Code::kBadCheckpoint, [&] { checkpoint.open(); }),
            "[weights] \"lm_head.weight\" is missing; expected a weight of shape [800, 32].");
}

TEST(RefusedCausal, TextsBeyondTheLastPosition) {
  const auto model = Model::open(golden_folder() / "gemma-lm");
  const std::vector<std::int64_t> ids(81, 5);
  EXPECT_EQ(error_text(Code::kTooLong, [&] { logits_of(*model, batch_of({plain_sequence(ids)})); }),
            "[model] sequence 0 has 81 tokens; expected at most 80 with special tokens, the "
            "positions of this model. Hint: --truncate cuts longer texts");
}

}  // namespace
}  // namespace ascribo::test

// SPDX-License-Identifier: MIT
// BLOOM (Workshop et al. 2022): positions as biases that fall with distance (ALiBi), normalised
// embeddings, queries, keys and values stored head by head.
#include "ascribo/base/error.h"
#include "ascribo/models/causal_layout.h"
#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

// Distances have no table that ends: a bound on what is tried.
constexpr std::int64_t kLongest = 1 << 20;

struct Config {
  std::int64_t vocab_size, hidden_size, layers, heads;
  double layer_norm_epsilon;
};

Config read_config(const Json& json) {
  refuse_other_decoders(json);
  if (json.boolean_or("apply_residual_connection_post_layernorm", false)) {
    fail(Code::kUnsupported, "config.json", "apply_residual_connection_post_layernorm is true",
         "expected residuals that pass by the norms");
  }
  const auto size = [&](std::string_view name, std::string_view older, std::int64_t fallback) {
    return config_size(json, name, config_size(json, older, fallback));
  };
  const std::int64_t layers = config_size_up_to(json, "n_layer", 2, 10000);
  Config config{
      .vocab_size = config_size(json, "vocab_size", 250880),
      .hidden_size = size("hidden_size", "n_embed", 64),
      .layers = config_size_up_to(json, "num_hidden_layers", layers, 10000),
      .heads = size("num_attention_heads", "n_head", 8),
      .layer_norm_epsilon = config_epsilon(json, "layer_norm_epsilon", 1e-5),
  };
  check_heads("hidden_size", config.hidden_size, "n_head", config.heads);
  return config;
}

TransformerLayer read_layer(Weights& weights, std::int64_t n, const Config& config) {
  const std::string at = "transformer.h." + std::to_string(n) + ".";
  const std::int64_t hidden = config.hidden_size;
  TransformerLayer layer;
  layer.norm_first = true;
  layer.attn_norm = weights.norm(at + "input_layernorm", hidden, config.layer_norm_epsilon);
  const auto projections = weights.linears_by_head(at + "self_attention.query_key_value", 3,
                                                   config.heads, hidden / config.heads, hidden);
  layer.query = projections[0];
  layer.key = projections[1];
  layer.value = projections[2];
  layer.attn_out = weights.linear(at + "self_attention.dense", hidden, hidden);
  layer.ffn_norm = weights.norm(at + "post_attention_layernorm", hidden, config.layer_norm_epsilon);
  layer.ffn_in = weights.linear(at + "mlp.dense_h_to_4h", 4 * hidden, hidden);
  layer.activation = Activation::kGeluTanh;
  layer.ffn_out = weights.linear(at + "mlp.dense_4h_to_h", hidden, 4 * hidden);
  return layer;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  const std::int64_t hidden = config.hidden_size;
  TransformerParts parts;
  parts.heads = config.heads;
  parts.max_positions = kLongest;
  parts.embeddings.words =
      weights.table("transformer.word_embeddings.weight", {config.vocab_size, hidden});
  parts.embeddings.norm =
      weights.norm("transformer.word_embeddings_layernorm", hidden, config.layer_norm_epsilon);
  const auto biases = std::make_shared<const AlibiBiases>(config.heads, weights.compute());
  for (std::int64_t n = 0; n < config.layers; ++n) {
    parts.layers.push_back(read_layer(weights, n, config));
    parts.layers.back().relative.causal = true;
    parts.layers.back().relative.alibi = biases;
  }
  parts.layers.back().final_norm =
      weights.norm("transformer.ln_f", hidden, config.layer_norm_epsilon);
  parts.head = read_head(checkpoint, causal_heads({}), {hidden, parts.embeddings.words});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_bloom() {
  static const Architecture architecture{
      .name = "bloom",
      .prefix = "transformer.",
      .model_types = {"bloom"},
      .classes = {{"BloomForCausalLM", HeadKind::kCausalLanguageModel},
                  {"BloomForSequenceClassification", HeadKind::kSequenceClassification},
                  {"BloomForTokenClassification", HeadKind::kTokenClassification},
                  {"BloomForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"BloomModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

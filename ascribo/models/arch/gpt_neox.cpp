// SPDX-License-Identifier: MIT
// GPT-NeoX and Pythia (Black et al. 2022; Biderman et al. 2023): rotary positions in part of each
// head, attention and feed-forward side by side, queries, keys and values stored head by head.
#include "ascribo/models/causal_layout.h"
#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

struct Config {
  std::int64_t vocab_size, hidden_size, num_hidden_layers, num_attention_heads, intermediate_size,
      max_position_embeddings;
  double layer_norm_eps;
  Activation hidden_act;
  Bias attention_bias;
  bool use_parallel_residual;
  std::shared_ptr<const RotaryAngles> rotary;
};

Config read_config(const Json& json, Dtype compute) {
  refuse_other_decoders(json);
  Config config{
      .vocab_size = config_size(json, "vocab_size", 50432),
      .hidden_size = config_size(json, "hidden_size", 6144),
      .num_hidden_layers = config_size_up_to(json, "num_hidden_layers", 44, 10000),
      .num_attention_heads = config_size(json, "num_attention_heads", 64),
      .intermediate_size = config_size(json, "intermediate_size", 24576),
      .max_position_embeddings = config_size(json, "max_position_embeddings", 2048),
      .layer_norm_eps = config_epsilon(json, "layer_norm_eps", 1e-5),
      .hidden_act = config_activation(json, "hidden_act", "gelu"),
      .attention_bias = json.boolean_or("attention_bias", true) ? Bias::kStored : Bias::kNone,
      .use_parallel_residual = json.boolean_or("use_parallel_residual", true),
      .rotary = nullptr,
  };
  check_heads("hidden_size", config.hidden_size, "num_attention_heads", config.num_attention_heads);
  config.rotary = read_rotary(json,
                              {.width = config.hidden_size / config.num_attention_heads,
                               .share = json.number_or("rotary_pct", 0.25),
                               .theta = json.number_or("rotary_emb_base", 10000)},
                              compute);
  return config;
}

TransformerLayer read_layer(Weights& weights, std::int64_t n, const Config& config) {
  const std::string at = "gpt_neox.layers." + std::to_string(n) + ".";
  const std::int64_t hidden = config.hidden_size, wide = config.intermediate_size;
  const std::int64_t heads = config.num_attention_heads;
  TransformerLayer layer;
  layer.norm_first = true;
  layer.parallel = config.use_parallel_residual;
  layer.relative.causal = true;
  layer.relative.rotary = config.rotary;
  layer.attn_norm = weights.norm(at + "input_layernorm", hidden, config.layer_norm_eps);
  const auto projections = weights.linears_by_head(at + "attention.query_key_value", 3, heads,
                                                   hidden / heads, hidden, config.attention_bias);
  layer.query = projections[0];
  layer.key = projections[1];
  layer.value = projections[2];
  layer.attn_out = weights.linear(at + "attention.dense", hidden, hidden, config.attention_bias);
  layer.ffn_norm = weights.norm(at + "post_attention_layernorm", hidden, config.layer_norm_eps);
  layer.ffn_in = weights.linear(at + "mlp.dense_h_to_4h", wide, hidden);
  layer.activation = config.hidden_act;
  layer.ffn_out = weights.linear(at + "mlp.dense_4h_to_h", hidden, wide);
  return layer;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config, checkpoint.weights.compute());
  Weights& weights = checkpoint.weights;
  const std::int64_t hidden = config.hidden_size;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.max_positions = config.max_position_embeddings;
  parts.embeddings.words = weights.table("gpt_neox.embed_in.weight", {config.vocab_size, hidden});
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n) {
    parts.layers.push_back(read_layer(weights, n, config));
  }
  parts.layers.back().final_norm =
      weights.norm("gpt_neox.final_layer_norm", hidden, config.layer_norm_eps);
  // Named embed_out until transformers 5.
  const bool older = weights.has("embed_out.weight");
  const CausalHeads heads{.tied = false, .out = older ? "embed_out" : "lm_head"};
  parts.head = read_head(checkpoint, causal_heads(heads), {hidden, parts.embeddings.words});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_gpt_neox() {
  static const Architecture architecture{
      .name = "gpt_neox",
      .prefix = "gpt_neox.",
      .model_types = {"gpt_neox"},
      .classes = {{"GPTNeoXForCausalLM", HeadKind::kCausalLanguageModel},
                  {"GPTNeoXForSequenceClassification", HeadKind::kSequenceClassification},
                  {"GPTNeoXForTokenClassification", HeadKind::kTokenClassification},
                  {"GPTNeoXForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"GPTNeoXModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// GPT-2 (Radford et al. 2019): norms first, learned positions, products stored turned round.
#include "ascribo/base/error.h"
#include "ascribo/models/causal_layout.h"
#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

struct Config {
  std::int64_t vocab_size, n_positions, n_embd, n_layer, n_head, n_inner;
  double layer_norm_epsilon;
  Activation activation_function;
  bool scale_attn_by_inverse_layer_idx;
};

Config read_config(const Json& json) {
  refuse_other_decoders(json);
  if (!json.boolean_or("scale_attn_weights", true)) {
    fail(Code::kUnsupported, "config.json", "scale_attn_weights is false", "expected true");
  }
  Config config{
      .vocab_size = config_size(json, "vocab_size", 50257),
      .n_positions = config_size(json, "n_positions", 1024),
      .n_embd = config_size(json, "n_embd", 768),
      .n_layer = config_size_up_to(json, "n_layer", 12, 10000),
      .n_head = config_size(json, "n_head", 12),
      .n_inner = 0,
      .layer_norm_epsilon = config_epsilon(json, "layer_norm_epsilon", 1e-5),
      .activation_function = config_activation(json, "activation_function", "gelu_new"),
      .scale_attn_by_inverse_layer_idx = json.boolean_or("scale_attn_by_inverse_layer_idx", false),
  };
  config.n_inner = config_size(json, "n_inner", 4 * config.n_embd);
  check_heads("n_embd", config.n_embd, "n_head", config.n_head);
  return config;
}

TransformerLayer read_layer(Weights& weights, std::int64_t n, const Config& config) {
  const std::string at = "transformer.h." + std::to_string(n) + ".";
  const std::int64_t hidden = config.n_embd, wide = config.n_inner;
  const auto product = [&](const char* name, std::int64_t out, std::int64_t in) {
    return weights.linears(at + name, std::vector{out}, in, Fused::kColumns).front();
  };
  TransformerLayer layer;
  layer.norm_first = true;
  layer.relative.causal = true;
  if (config.scale_attn_by_inverse_layer_idx) layer.relative.terms = (n + 1) * (n + 1);
  layer.attn_norm = weights.norm(at + "ln_1", hidden, config.layer_norm_epsilon);
  const auto projections = weights.linears(at + "attn.c_attn", std::vector{hidden, hidden, hidden},
                                           hidden, Fused::kColumns);
  layer.query = projections[0];
  layer.key = projections[1];
  layer.value = projections[2];
  layer.attn_out = product("attn.c_proj", hidden, hidden);
  layer.ffn_norm = weights.norm(at + "ln_2", hidden, config.layer_norm_epsilon);
  layer.ffn_in = product("mlp.c_fc", wide, hidden);
  layer.activation = config.activation_function;
  layer.ffn_out = product("mlp.c_proj", hidden, wide);
  return layer;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  const std::int64_t hidden = config.n_embd;
  TransformerParts parts;
  parts.heads = config.n_head;
  parts.embeddings.words = weights.table("transformer.wte.weight", {config.vocab_size, hidden});
  parts.embeddings.positions =
      weights.table("transformer.wpe.weight", {config.n_positions, hidden});
  for (std::int64_t n = 0; n < config.n_layer; ++n) {
    parts.layers.push_back(read_layer(weights, n, config));
  }
  parts.layers.back().final_norm =
      weights.norm("transformer.ln_f", hidden, config.layer_norm_epsilon);
  parts.head = read_head(checkpoint, causal_heads({}), {hidden, parts.embeddings.words});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_gpt2() {
  static const Architecture architecture{
      .name = "gpt2",
      .prefix = "transformer.",
      .model_types = {"gpt2"},
      .classes = {{"GPT2LMHeadModel", HeadKind::kCausalLanguageModel},
                  {"GPT2ForSequenceClassification", HeadKind::kSequenceClassification},
                  {"GPT2ForTokenClassification", HeadKind::kTokenClassification},
                  {"GPT2ForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"GPT2Model", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

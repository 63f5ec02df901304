// SPDX-License-Identifier: MIT
// OPT (Zhang et al. 2022): learned positions from row 2 on, norms before the blocks or after.
#include "ascribo/base/error.h"
#include "ascribo/models/causal_layout.h"
#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

constexpr std::int64_t kUnusedPositions = 2;  // the first rows of the table
constexpr double kEpsilon = 1e-5;

struct Config {
  std::int64_t vocab_size, hidden_size, num_hidden_layers, ffn_dim, max_position_embeddings,
      num_attention_heads, word_embed_proj_dim;
  bool do_layer_norm_before, final_norm;
  Bias bias;
  Activation activation_function;
};

Config read_config(const Json& json) {
  refuse_other_decoders(json);
  if (!json.boolean_or("layer_norm_elementwise_affine", true)) {
    fail(Code::kUnsupported, "config.json", "layer_norm_elementwise_affine is false",
         "expected norms with weights");
  }
  Config config{
      .vocab_size = config_size(json, "vocab_size", 50272),
      .hidden_size = config_size(json, "hidden_size", 768),
      .num_hidden_layers = config_size_up_to(json, "num_hidden_layers", 12, 10000),
      .ffn_dim = config_size(json, "ffn_dim", 3072),
      .max_position_embeddings = config_size(json, "max_position_embeddings", 2048),
      .num_attention_heads = config_size(json, "num_attention_heads", 12),
      .word_embed_proj_dim = 0,
      .do_layer_norm_before = json.boolean_or("do_layer_norm_before", true),
      .final_norm = !json.boolean_or("_remove_final_layer_norm", false),
      .bias = json.boolean_or("enable_bias", true) ? Bias::kStored : Bias::kNone,
      .activation_function = config_activation(json, "activation_function", "relu"),
  };
  config.word_embed_proj_dim = config_size(json, "word_embed_proj_dim", config.hidden_size);
  config.final_norm = config.final_norm && config.do_layer_norm_before;
  check_heads("hidden_size", config.hidden_size, "num_attention_heads", config.num_attention_heads);
  return config;
}

TransformerLayer read_layer(Weights& weights, std::int64_t n, const Config& config) {
  const std::string at = "model.decoder.layers." + std::to_string(n) + ".";
  const std::int64_t hidden = config.hidden_size, wide = config.ffn_dim;
  const auto product = [&](const char* name, std::int64_t out, std::int64_t in) {
    return weights.linear(at + name, out, in, config.bias);
  };
  TransformerLayer layer;
  layer.norm_first = config.do_layer_norm_before;
  layer.relative.causal = true;
  layer.query = product("self_attn.q_proj", hidden, hidden);
  layer.key = product("self_attn.k_proj", hidden, hidden);
  layer.value = product("self_attn.v_proj", hidden, hidden);
  layer.attn_out = product("self_attn.out_proj", hidden, hidden);
  layer.attn_norm = weights.norm(at + "self_attn_layer_norm", hidden, kEpsilon);
  layer.ffn_in = product("fc1", wide, hidden);
  layer.activation = config.activation_function;
  layer.ffn_out = product("fc2", hidden, wide);
  layer.ffn_norm = weights.norm(at + "final_layer_norm", hidden, kEpsilon);
  return layer;
}

EmbeddingBlock read_embeddings(Weights& weights, const Config& config) {
  const std::string at = "model.decoder.";
  const std::int64_t hidden = config.hidden_size, words = config.word_embed_proj_dim;
  EmbeddingBlock block;
  block.words = weights.table(at + "embed_tokens.weight", {config.vocab_size, words});
  const std::int64_t rows = config.max_position_embeddings + kUnusedPositions;
  block.positions = weights.table(at + "embed_positions.weight", {rows, hidden});
  block.unused_positions = kUnusedPositions;
  if (words != hidden) {
    block.words_in = weights.linear(at + "project_in", hidden, words, Bias::kNone);
  }
  return block;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.embeddings = read_embeddings(weights, config);
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n) {
    parts.layers.push_back(read_layer(weights, n, config));
  }
  if (config.final_norm) {
    parts.layers.back().final_norm =
        weights.norm("model.decoder.final_layer_norm", config.hidden_size, kEpsilon);
  }
  const bool projected = config.word_embed_proj_dim != config.hidden_size;
  const CausalHeads heads{.dense = projected ? "model.decoder.project_out" : ""};
  parts.head = read_head(checkpoint, causal_heads(heads),
                         {.hidden = config.hidden_size,
                          .words = parts.embeddings.words,
                          .dense = config.word_embed_proj_dim});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_opt() {
  static const Architecture architecture{
      .name = "opt",
      .prefix = "model.",
      .model_types = {"opt"},
      .classes = {{"OPTForCausalLM", HeadKind::kCausalLanguageModel},
                  {"OPTForSequenceClassification", HeadKind::kSequenceClassification},
                  {"OPTForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"OPTModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

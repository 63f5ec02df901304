// SPDX-License-Identifier: MIT
// Reads decoders laid out as Llama's.
#include "ascribo/models/llama_layout.h"

#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/models/causal_layout.h"
#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

struct Config {
  std::int64_t vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads,
      num_key_value_heads, head_dim, max_position_embeddings;
  double rms_norm_eps;
  Activation hidden_act;
  Bias query_bias, output_bias, mlp_bias;
  std::vector<std::int64_t> windows;  // of each layer; negative: none
  std::shared_ptr<const RotaryAngles> rotary;
};

/// Keys that a query sees, its own included, as a distance; null: all.
std::int64_t read_window(const Json& json) {
  if (!json.find("sliding_window")) return -1;
  return config_size(json, "sliding_window", 1) - 1;
}

std::vector<std::int64_t> read_windows(const Json& json, Windows windows, std::int64_t layers) {
  std::vector<std::int64_t> found(static_cast<std::size_t>(layers), -1);
  if (windows == Windows::kNone) return found;
  const std::int64_t window = read_window(json);
  if (windows == Windows::kAll) return std::vector<std::int64_t>(found.size(), window);
  const auto named = config_windows(json, layers);
  const bool used = json.boolean_or("use_sliding_window", false);
  const std::int64_t first = json.integer_or("max_window_layers", 28);
  for (std::size_t n = 0; n < found.size(); ++n) {
    const bool near = named ? (*named)[n] : used && static_cast<std::int64_t>(n) >= first;
    if (near) found[n] = window;
  }
  return found;
}

Config read_config(const Json& json, const LlamaDialect& dialect, Dtype compute) {
  refuse_other_decoders(json);
  const auto bias = [&](std::string_view key, Bias otherwise) {
    if (!dialect.config_biases) return otherwise;
    return json.boolean_or(key, false) ? Bias::kStored : Bias::kNone;
  };
  Config config{
      .vocab_size = config_size(json, "vocab_size", 32000),
      .hidden_size = config_size(json, "hidden_size", 4096),
      .intermediate_size = config_size(json, "intermediate_size", 11008),
      .num_hidden_layers = config_size_up_to(json, "num_hidden_layers", 32, 10000),
      .num_attention_heads = config_size(json, "num_attention_heads", 32),
      .num_key_value_heads = 0,
      .head_dim = 0,
      .max_position_embeddings = config_size(json, "max_position_embeddings", 2048),
      .rms_norm_eps = config_epsilon(json, "rms_norm_eps", dialect.rms_norm_eps),
      .hidden_act = config_activation(json, "hidden_act", dialect.hidden_act),
      .query_bias = bias("attention_bias", dialect.query_bias),
      .output_bias = bias("attention_bias", dialect.output_bias),
      .mlp_bias = bias("mlp_bias", Bias::kNone),
      .windows = {},
      .rotary = nullptr,
  };
  const std::int64_t heads = config.num_attention_heads;
  config.num_key_value_heads = config_size(json, "num_key_value_heads", heads);
  const std::int64_t head_dim =
      dialect.head_dim > 0 ? dialect.head_dim : config.hidden_size / heads;
  config.head_dim = config_size(json, "head_dim", std::max<std::int64_t>(head_dim, 1));
  check_heads("num_attention_heads", heads, "num_key_value_heads", config.num_key_value_heads);
  config.windows = read_windows(json, dialect.windows, config.num_hidden_layers);
  config.rotary = read_rotary(json, {.width = config.head_dim}, compute);
  return config;
}

class LayerReader {
 public:
  LayerReader(Weights& weights, const Config& config, const LlamaDialect& dialect)
      : weights_(weights), config_(config), dialect_(dialect) {}

  TransformerLayer read(std::int64_t n) const {
    const std::string at = "model.layers." + std::to_string(n) + ".";
    TransformerLayer layer;
    layer.norm_first = true;
    layer.relative.causal = true;
    layer.relative.rotary = config_.rotary;
    layer.relative.window = config_.windows[static_cast<std::size_t>(n)];
    layer.queries_per_key = config_.num_attention_heads / config_.num_key_value_heads;
    layer.activation = config_.hidden_act;
    layer.attn_norm = norm(at + "input_layernorm", config_.hidden_size);
    read_attention(at + "self_attn.", layer);
    layer.ffn_norm = norm(at + "post_attention_layernorm", config_.hidden_size);
    read_feed_forward(at + "mlp.", layer);
    return layer;
  }

  Norm norm(const std::string& name, std::int64_t size) const {
    return weights_.rms_norm(name, size, config_.rms_norm_eps, dialect_.norm_offset);
  }

 private:
  void read_attention(const std::string& at, TransformerLayer& layer) const {
    const std::int64_t hidden = config_.hidden_size, width = config_.head_dim;
    const std::int64_t queries = config_.num_attention_heads * width;
    const std::int64_t keys = config_.num_key_value_heads * width;
    if (dialect_.fused) {
      const auto parts = weights_.linears(at + "qkv_proj", std::vector{queries, keys, keys}, hidden,
                                          Fused::kRows, config_.query_bias);
      layer.query = parts[0];
      layer.key = parts[1];
      layer.value = parts[2];
    } else {
      layer.query = weights_.linear(at + "q_proj", queries, hidden, config_.query_bias);
      layer.key = weights_.linear(at + "k_proj", keys, hidden, config_.query_bias);
      layer.value = weights_.linear(at + "v_proj", keys, hidden, config_.query_bias);
    }
    if (dialect_.head_norms) {
      layer.query_norm = norm(at + "q_norm", width);
      layer.key_norm = norm(at + "k_norm", width);
    }
    layer.attn_out = weights_.linear(at + "o_proj", hidden, queries, config_.output_bias);
  }

  void read_feed_forward(const std::string& at, TransformerLayer& layer) const {
    const std::int64_t hidden = config_.hidden_size, wide = config_.intermediate_size;
    if (dialect_.fused) {
      const auto parts = weights_.linears(at + "gate_up_proj", 2, wide, hidden, config_.mlp_bias);
      layer.ffn_in = parts[0];
      layer.ffn_gate = parts[1];
    } else {
      layer.ffn_in = weights_.linear(at + "gate_proj", wide, hidden, config_.mlp_bias);
      layer.ffn_gate = weights_.linear(at + "up_proj", wide, hidden, config_.mlp_bias);
    }
    layer.ffn_out = weights_.linear(at + "down_proj", hidden, wide, config_.mlp_bias);
  }

  Weights& weights_;
  const Config& config_;
  const LlamaDialect& dialect_;
};

}  // namespace

std::unique_ptr<Model> build_llama(Checkpoint& checkpoint, const LlamaDialect& dialect) {
  Weights& weights = checkpoint.weights;
  const Config config = read_config(checkpoint.config, dialect, weights.compute());
  const std::int64_t hidden = config.hidden_size;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.max_positions = config.max_position_embeddings;
  parts.embeddings.words = weights.table("model.embed_tokens.weight", {config.vocab_size, hidden});
  if (dialect.scaled_words) parts.embeddings.scale = std::sqrt(static_cast<double>(hidden));
  const LayerReader reader(weights, config, dialect);
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n)
    parts.layers.push_back(reader.read(n));
  parts.layers.back().final_norm = reader.norm("model.norm", hidden);
  const CausalHeads heads{.tied = dialect.tied, .token_classifier = "score"};
  parts.head = read_head(checkpoint, causal_heads(heads), {hidden, parts.embeddings.words});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace ascribo

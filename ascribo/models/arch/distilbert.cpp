// SPDX-License-Identifier: MIT
// DistilBERT (Sanh et al. 2019) with a sequence-classification head.
#include <cmath>

#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

constexpr double kEpsilon = 1e-12;  // not in the config

struct Config {
  std::int64_t vocab_size, max_position_embeddings, dim, hidden_dim, n_layers, n_heads;
  bool sinusoidal_pos_embds;
  Activation activation;
};

Config read_config(const Json& json) {
  refuse_other_encoders(json);
  const Config config{
      .vocab_size = config_size(json, "vocab_size", 30522),
      .max_position_embeddings = config_size(json, "max_position_embeddings", 512),
      .dim = config_size(json, "dim", 768),
      .hidden_dim = config_size(json, "hidden_dim", 3072),
      .n_layers = config_size(json, "n_layers", 6),
      .n_heads = config_size(json, "n_heads", 12),
      .sinusoidal_pos_embds = json.boolean_or("sinusoidal_pos_embds", false),
      .activation = config_activation(json, "activation", "gelu"),
  };
  check_heads("dim", config.dim, "n_heads", config.n_heads);
  return config;
}

/// sin(p / 10000^(2i/dim)) at the even entries 2i, cos at the odd ones (Vaswani et al. 2017).
Tensor sinusoids(std::int64_t positions, std::int64_t dim) {
  Tensor table = Tensor::empty({positions, dim});
  float* entry = table.mutable_data<float>();
  for (std::int64_t p = 0; p < positions; ++p) {
    for (std::int64_t j = 0; j < dim; ++j) {
      const double exponent = static_cast<double>(j - j % 2) / static_cast<double>(dim);
      const double angle = static_cast<double>(p) / std::pow(10000.0, exponent);
      *entry++ = static_cast<float>(j % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  }
  return table;
}

EmbeddingBlock read_embeddings(Weights& weights, const Config& config) {
  const std::string at = "distilbert.embeddings.";
  const std::string positions = at + "position_embeddings.weight";
  EmbeddingBlock block;
  block.words = weights.table(at + "word_embeddings.weight", {config.vocab_size, config.dim});
  // Sinusoids are saved like a learned table, but a file that leaves them out is complete too.
  block.positions = config.sinusoidal_pos_embds && !weights.has(positions)
                        ? sinusoids(config.max_position_embeddings, config.dim)
                        : weights.table(positions, {config.max_position_embeddings, config.dim});
  block.norm = weights.norm(at + "LayerNorm", config.dim, kEpsilon);
  return block;
}

TransformerLayer read_layer(Weights& weights, const std::string& at, const Config& config) {
  TransformerLayer layer;
  layer.query = weights.linear(at + "attention.q_lin", config.dim, config.dim);
  layer.key = weights.linear(at + "attention.k_lin", config.dim, config.dim);
  layer.value = weights.linear(at + "attention.v_lin", config.dim, config.dim);
  layer.attn_out = weights.linear(at + "attention.out_lin", config.dim, config.dim);
  layer.attn_norm = weights.norm(at + "sa_layer_norm", config.dim, kEpsilon);
  layer.ffn_in = weights.linear(at + "ffn.lin1", config.hidden_dim, config.dim);
  layer.activation = config.activation;
  layer.ffn_out = weights.linear(at + "ffn.lin2", config.dim, config.hidden_dim);
  layer.ffn_norm = weights.norm(at + "output_layer_norm", config.dim, kEpsilon);
  return layer;
}

std::vector<HeadLayout> head_layouts(const Config& config) {
  return {{.kind = HeadKind::kSequenceClassification,
           .dense = "pre_classifier",
           .activation = Activation::kRelu,
           .out = "classifier"},
          {.kind = HeadKind::kTokenClassification, .out = "classifier"},
          {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
          {.kind = HeadKind::kMaskedLanguageModel,
           .dense = "vocab_transform",
           .activation = config.activation,
           .norm = "vocab_layer_norm",
           .out = "vocab_projector",
           .bias = "vocab_projector.bias"}};
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  TransformerParts parts;
  parts.heads = config.n_heads;
  parts.embeddings = read_embeddings(weights, config);
  for (std::int64_t n = 0; n < config.n_layers; ++n) {
    const std::string at = "distilbert.transformer.layer." + std::to_string(n) + ".";
    parts.layers.push_back(read_layer(weights, at, config));
  }
  parts.head =
      read_head(checkpoint, head_layouts(config), {config.dim, parts.embeddings.words, kEpsilon});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_distilbert() {
  static const Architecture architecture{
      .name = "distilbert",
      .prefix = "distilbert.",
      .model_types = {"distilbert"},
      .classes = {{"DistilBertForSequenceClassification", HeadKind::kSequenceClassification},
                  {"DistilBertForTokenClassification", HeadKind::kTokenClassification},
                  {"DistilBertForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"DistilBertForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"DistilBertModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

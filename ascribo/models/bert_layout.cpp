// SPDX-License-Identifier: MIT
// Reads encoders laid out as BERT's.
#include "ascribo/models/bert_layout.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/models/config.h"

namespace ascribo {
namespace {

TransformerLayer read_layer(Weights& weights, const std::string& at, const BertConfig& config) {
  const std::int64_t hidden = config.hidden_size, wide = config.intermediate_size;
  const std::string attention = at + "attention.", self = attention + "self.";
  TransformerLayer layer;
  layer.query = weights.linear(self + "query", hidden, hidden);
  layer.key = weights.linear(self + "key", hidden, hidden);
  layer.value = weights.linear(self + "value", hidden, hidden);
  layer.attn_out = weights.linear(attention + "output.dense", hidden, hidden);
  layer.attn_norm = weights.norm(attention + "output.LayerNorm", hidden, config.layer_norm_eps);
  layer.ffn_in = weights.linear(at + "intermediate.dense", wide, hidden);
  layer.activation = config.hidden_act;
  layer.ffn_out = weights.linear(at + "output.dense", hidden, wide);
  layer.ffn_norm = weights.norm(at + "output.LayerNorm", hidden, config.layer_norm_eps);
  return layer;
}

}  // namespace

BertConfig read_bert_config(const Json& config, const BertConfig& defaults) {
  refuse_other_encoders(config);
  BertConfig c;
  c.vocab_size = config_size(config, "vocab_size", defaults.vocab_size);
  c.hidden_size = config_size(config, "hidden_size", defaults.hidden_size);
  c.embedding_size = defaults.embedding_size == 0
                         ? c.hidden_size
                         : config_size(config, "embedding_size", defaults.embedding_size);
  c.num_hidden_layers = config_size(config, "num_hidden_layers", defaults.num_hidden_layers);
  c.num_attention_heads = config_size(config, "num_attention_heads", defaults.num_attention_heads);
  c.intermediate_size = config_size(config, "intermediate_size", defaults.intermediate_size);
  c.max_position_embeddings =
      config_size(config, "max_position_embeddings", defaults.max_position_embeddings);
  // Where a model has no types unless it says so, 0 says that it has none.
  c.type_vocab_size = defaults.type_vocab_size == 0 && config.integer_or("type_vocab_size", 0) == 0
                          ? 0
                          : config_size(config, "type_vocab_size", defaults.type_vocab_size);
  c.layer_norm_eps = config_epsilon(config, "layer_norm_eps", defaults.layer_norm_eps);
  if (defaults.padding_position) {
    c.padding_position = config.integer_or("pad_token_id", *defaults.padding_position);
    if (*c.padding_position < 0 || *c.padding_position + 1 >= c.max_position_embeddings) {
      fail(Code::kBadCheckpoint, "config.json",
           "pad_token_id is " + std::to_string(*c.padding_position) + " with " +
               std::to_string(c.max_position_embeddings) + " max_position_embeddings",
           "expected positions after that of the padding token");
    }
  }
  c.hidden_act = config_activation(config, "hidden_act", "gelu");
  check_heads("hidden_size", c.hidden_size, "num_attention_heads", c.num_attention_heads);
  return c;
}

TransformerParts read_bert_encoder(Weights& weights, const std::string& base,
                                   const BertConfig& config) {
  const std::string at = base + "embeddings.";
  const std::int64_t embedding = config.embedding_size, hidden = config.hidden_size;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.padding_position = config.padding_position;
  parts.embeddings.words =
      weights.table(at + "word_embeddings.weight", {config.vocab_size, embedding});
  parts.embeddings.positions =
      weights.table(at + "position_embeddings.weight", {config.max_position_embeddings, embedding});
  parts.embeddings.types =
      weights.table(at + "token_type_embeddings.weight", {config.type_vocab_size, embedding});
  parts.embeddings.norm = weights.norm(at + "LayerNorm", embedding, config.layer_norm_eps);
  if (embedding != hidden) {
    parts.projection = weights.linear(base + "embeddings_project", hidden, embedding);
  }
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n) {
    const std::string layer = base + "encoder.layer." + std::to_string(n) + ".";
    parts.layers.push_back(read_layer(weights, layer, config));
  }
  return parts;
}

std::unique_ptr<Model> build_bert(Checkpoint& checkpoint, const std::string& base,
                                  const BertConfig& config, const std::vector<HeadLayout>& heads) {
  TransformerParts parts = read_bert_encoder(checkpoint.weights, base, config);
  parts.head = read_head(checkpoint, heads,
                         {config.hidden_size, parts.embeddings.words, config.layer_norm_eps});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace ascribo

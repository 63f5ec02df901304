// SPDX-License-Identifier: MIT
// ALBERT (Lan et al. 2020): narrow embeddings, and layers that share their weights.
#include "ascribo/models/bert_layout.h"
#include "ascribo/models/config.h"

namespace ascribo {
namespace {

constexpr std::int64_t kMostLayers = 10000;  // uses of weights, which the file cannot bear out

struct Config : BertConfig {
  std::int64_t num_hidden_groups = 1;  // sets of weights
  std::int64_t inner_group_num = 1;    // layers in one set
};

Config read_config(const Json& json) {
  BertConfig defaults;
  defaults.vocab_size = 30000;
  defaults.embedding_size = 128;
  defaults.hidden_size = 4096;
  defaults.num_attention_heads = 64;
  defaults.intermediate_size = 16384;
  Config config{read_bert_config(json, defaults)};
  config.hidden_act = config_activation(json, "hidden_act", "gelu_new");
  config.num_hidden_layers = config_size_up_to(json, "num_hidden_layers", 12, kMostLayers);
  config.num_hidden_groups = config_size(json, "num_hidden_groups", 1);
  config.inner_group_num = config_size(json, "inner_group_num", 1);
  return config;
}

EmbeddingBlock read_embeddings(Weights& weights, const Config& config) {
  const std::string at = "albert.embeddings.";
  const std::int64_t width = config.embedding_size;
  EmbeddingBlock block;
  block.words = weights.table(at + "word_embeddings.weight", {config.vocab_size, width});
  block.positions =
      weights.table(at + "position_embeddings.weight", {config.max_position_embeddings, width});
  block.types = weights.table(at + "token_type_embeddings.weight", {config.type_vocab_size, width});
  block.norm = weights.norm(at + "LayerNorm", width, config.layer_norm_eps);
  return block;
}

TransformerLayer read_layer(Weights& weights, const std::string& at, const Config& config) {
  const std::int64_t hidden = config.hidden_size, wide = config.intermediate_size;
  TransformerLayer layer;
  layer.query = weights.linear(at + "attention.query", hidden, hidden);
  layer.key = weights.linear(at + "attention.key", hidden, hidden);
  layer.value = weights.linear(at + "attention.value", hidden, hidden);
  layer.attn_out = weights.linear(at + "attention.dense", hidden, hidden);
  layer.attn_norm = weights.norm(at + "attention.LayerNorm", hidden, config.layer_norm_eps);
  layer.ffn_in = weights.linear(at + "ffn", wide, hidden);
  layer.activation = config.hidden_act;
  layer.ffn_out = weights.linear(at + "ffn_output", hidden, wide);
  layer.ffn_norm = weights.norm(at + "full_layer_layer_norm", hidden, config.layer_norm_eps);
  return layer;
}

/// Every use of a set of weights counts as layers of its own, with its own taps; copies of a layer
/// share what is packed.
std::vector<TransformerLayer> read_layers(Weights& weights, const Config& config) {
  std::vector<std::vector<TransformerLayer>> groups;
  for (std::int64_t group = 0; group < config.num_hidden_groups; ++group) {
    groups.emplace_back();
    for (std::int64_t inner = 0; inner < config.inner_group_num; ++inner) {
      const std::string at = "albert.encoder.albert_layer_groups." + std::to_string(group) +
                             ".albert_layers." + std::to_string(inner) + ".";
      groups.back().push_back(read_layer(weights, at, config));
    }
  }
  const double uses =
      static_cast<double>(config.num_hidden_layers) / static_cast<double>(config.num_hidden_groups);
  std::vector<TransformerLayer> layers;
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n) {
    const auto& group = groups[static_cast<std::size_t>(static_cast<double>(n) / uses)];
    layers.insert(layers.end(), group.begin(), group.end());
  }
  return layers;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.embeddings = read_embeddings(weights, config);
  parts.projection = weights.linear("albert.encoder.embedding_hidden_mapping_in",
                                    config.hidden_size, config.embedding_size);
  parts.layers = read_layers(weights, config);
  parts.head = read_head(checkpoint,
                         {{.kind = HeadKind::kSequenceClassification,
                           .dense = "albert.pooler",
                           .activation = Activation::kTanh,
                           .out = "classifier"},
                          {.kind = HeadKind::kTokenClassification, .out = "classifier"},
                          {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
                          {.kind = HeadKind::kMaskedLanguageModel,
                           .dense = "predictions.dense",
                           .activation = config.hidden_act,
                           .norm = "predictions.LayerNorm",
                           .out = "predictions.decoder",
                           .bias = "predictions.bias"}},
                         {config.hidden_size, parts.embeddings.words, config.layer_norm_eps});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_albert() {
  static const Architecture architecture{
      .name = "albert",
      .prefix = "albert.",
      .model_types = {"albert"},
      .classes = {{"AlbertForSequenceClassification", HeadKind::kSequenceClassification},
                  {"AlbertForTokenClassification", HeadKind::kTokenClassification},
                  {"AlbertForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"AlbertForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"AlbertForPreTraining", HeadKind::kMaskedLanguageModel},
                  {"AlbertModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// MPNet (Song et al. 2020): BERT with biases by relative position, one set for all layers.
#include "ascribo/base/error.h"
#include "ascribo/models/bert_layout.h"
#include "ascribo/models/config.h"

namespace ascribo {
namespace {

// Not in the config: positions start after the padding token's, and buckets are always as many.
constexpr std::int64_t kPadding = 1;
constexpr std::int64_t kBuckets = 32;
constexpr std::int64_t kFarthest = 128;

BertConfig read_config(const Json& json) {
  BertConfig defaults;
  defaults.vocab_size = 30527;
  defaults.padding_position = kPadding;
  BertConfig config = read_bert_config(json, defaults);
  config.padding_position = kPadding;
  const std::int64_t buckets = config_size(json, "relative_attention_num_buckets", kBuckets);
  if (buckets != kBuckets) {
    fail(Code::kUnsupported, "config.json",
         "relative_attention_num_buckets is " + std::to_string(buckets), "expected 32");
  }
  return config;
}

EmbeddingBlock read_embeddings(Weights& weights, const BertConfig& config) {
  const std::string at = "mpnet.embeddings.";
  const std::int64_t hidden = config.hidden_size;
  EmbeddingBlock block;
  block.words = weights.table(at + "word_embeddings.weight", {config.vocab_size, hidden});
  block.positions =
      weights.table(at + "position_embeddings.weight", {config.max_position_embeddings, hidden});
  block.norm = weights.norm(at + "LayerNorm", hidden, config.layer_norm_eps);
  return block;
}

TransformerLayer read_layer(Weights& weights, const std::string& at, const BertConfig& config) {
  const std::int64_t hidden = config.hidden_size, wide = config.intermediate_size;
  TransformerLayer layer;
  layer.query = weights.linear(at + "attention.attn.q", hidden, hidden);
  layer.key = weights.linear(at + "attention.attn.k", hidden, hidden);
  layer.value = weights.linear(at + "attention.attn.v", hidden, hidden);
  layer.attn_out = weights.linear(at + "attention.attn.o", hidden, hidden);
  layer.attn_norm = weights.norm(at + "attention.LayerNorm", hidden, config.layer_norm_eps);
  layer.ffn_in = weights.linear(at + "intermediate.dense", wide, hidden);
  layer.activation = config.hidden_act;
  layer.ffn_out = weights.linear(at + "output.dense", hidden, wide);
  layer.ffn_norm = weights.norm(at + "output.LayerNorm", hidden, config.layer_norm_eps);
  return layer;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const BertConfig config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.padding_position = config.padding_position;
  parts.embeddings = read_embeddings(weights, config);
  const auto biases = std::make_shared<const DistanceBiases>(
      weights.table("mpnet.encoder.relative_attention_bias.weight",
                    {kBuckets, config.num_attention_heads}),
      config.max_position_embeddings - 1, kFarthest, weights.compute(),
      weights.training() == nullptr);
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n) {
    const std::string at = "mpnet.encoder.layer." + std::to_string(n) + ".";
    parts.layers.push_back(read_layer(weights, at, config));
    parts.layers.back().relative.biases = biases;
  }
  parts.head = read_head(checkpoint,
                         {{.kind = HeadKind::kSequenceClassification,
                           .dense = "classifier.dense",
                           .activation = Activation::kTanh,
                           .out = "classifier.out_proj"},
                          {.kind = HeadKind::kTokenClassification, .out = "classifier"},
                          {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
                          {.kind = HeadKind::kMaskedLanguageModel,
                           .dense = "lm_head.dense",
                           .activation = Activation::kGelu,  // always, whatever hidden_act is
                           .norm = "lm_head.layer_norm",
                           .out = "lm_head.decoder",
                           .bias = "lm_head.bias"}},
                         {config.hidden_size, parts.embeddings.words, config.layer_norm_eps});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_mpnet() {
  static const Architecture architecture{
      .name = "mpnet",
      .prefix = "mpnet.",
      .model_types = {"mpnet"},
      .classes = {{"MPNetForSequenceClassification", HeadKind::kSequenceClassification},
                  {"MPNetForTokenClassification", HeadKind::kTokenClassification},
                  {"MPNetForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"MPNetForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"MPNetModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

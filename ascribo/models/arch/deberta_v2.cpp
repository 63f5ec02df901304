// SPDX-License-Identifier: MIT
// DeBERTa v2 and v3 (He et al. 2021; He, Gao, Chen 2023): attention to content and to distance,
// each with its own vectors.
#include <algorithm>
#include <cctype>

#include "ascribo/base/error.h"
#include "ascribo/models/bert_layout.h"
#include "ascribo/models/config.h"

namespace ascribo {
namespace {

struct Config : BertConfig {
  bool relative_attention = false;
  bool position_biased_input = true;  // absolute positions added to words
  bool content_to_position = false, position_to_content = false;
  bool share_att_key = false;  // distances go through the projections of content
  bool norm_rel_ebd = false;
  std::int64_t position_buckets = -1, max_relative_positions = -1;
  std::int64_t conv_kernel_size = 0;  // 0: no convolution beside the first layer
  Activation conv_act = Activation::kTanh, pooler_hidden_act = Activation::kGelu;
};

/// The parts of "p2c|c2p", in small letters; a list says the same.
std::vector<std::string> split_words(const Json& json, std::string_view key) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view text) {
    words.emplace_back();
    for (const char c : text) {
      if (c == '|') {
        words.emplace_back();
      } else if (c != ' ') {
        words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
  };
  if (const auto found = json.find(key); found && found->is_string()) {
    add(found->string());
  } else if (found) {
    found->elements([&](const Json& each) { add(each.string()); });
  }
  return words;
}

void refuse_unpublished(const Json& json, const BertConfig& config) {
  const auto refuse = [&](std::string_view key, std::int64_t usual) {
    const std::int64_t found = json.integer_or(key, usual);
    if (found == usual) return;
    fail(Code::kUnsupported, "config.json", std::string(key) + " is " + std::to_string(found),
         "expected " + std::to_string(usual) + ", as all published models have it");
  };
  refuse("embedding_size", config.hidden_size);
  refuse("attention_head_size", config.hidden_size / config.num_attention_heads);
  refuse("pooler_hidden_size", config.hidden_size);
  refuse("conv_groups", 1);
}

/// Without absolute positions no weight bears these sizes out.
void read_distance_sizes(const Json& json, Config& config) {
  constexpr std::int64_t kMost = std::int64_t{1} << 20;
  const auto size = [&](std::string_view key, std::int64_t fallback) {
    const bool stated = json.integer_or(key, -1) > 0;
    return stated ? config_size_up_to(json, key, fallback, kMost) : fallback;
  };
  config.max_position_embeddings =
      config_size_up_to(json, "max_position_embeddings", config.max_position_embeddings, kMost);
  config.max_relative_positions = size("max_relative_positions", config.max_position_embeddings);
  config.position_buckets = size("position_buckets", -1);
  const std::int64_t buckets = config.position_buckets;
  if (buckets > 0 && (buckets < 4 || config.max_relative_positions < buckets / 2 + 2)) {
    fail(Code::kBadCheckpoint, "config.json",
         "position_buckets is " + std::to_string(buckets) + " with " +
             std::to_string(config.max_relative_positions) + " max_relative_positions",
         "expected at least 4, and positions further than half of them");
  }
}

Config read_config(const Json& json) {
  BertConfig defaults;
  defaults.vocab_size = 128100;
  defaults.hidden_size = 1536;
  defaults.num_hidden_layers = 24;
  defaults.num_attention_heads = 24;
  defaults.intermediate_size = 6144;
  defaults.type_vocab_size = 0;
  defaults.layer_norm_eps = 1e-7;
  Config config{read_bert_config(json, defaults)};
  refuse_unpublished(json, config);
  const auto names = [&](std::string_view key, std::string_view word) {
    const std::vector<std::string> words = split_words(json, key);
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  config.relative_attention = json.boolean_or("relative_attention", false);
  config.position_biased_input = json.boolean_or("position_biased_input", true);
  config.content_to_position = names("pos_att_type", "c2p");
  config.position_to_content = names("pos_att_type", "p2c");
  config.share_att_key = json.boolean_or("share_att_key", false);
  config.norm_rel_ebd = names("norm_rel_ebd", "layer_norm");
  read_distance_sizes(json, config);
  config.conv_kernel_size = std::max<std::int64_t>(0, json.integer_or("conv_kernel_size", 0));
  if (config.conv_kernel_size > 0 && config.conv_kernel_size % 2 == 0) {
    fail(Code::kUnsupported, "config.json",
         "conv_kernel_size is " + std::to_string(config.conv_kernel_size),
         "expected an odd number");
  }
  config.conv_act = config_activation(json, "conv_act", "tanh");
  config.pooler_hidden_act = config_activation(json, "pooler_hidden_act", "gelu");
  return config;
}

EmbeddingBlock read_embeddings(Weights& weights, const Config& config) {
  const std::string at = "deberta.embeddings.";
  const std::int64_t hidden = config.hidden_size;
  EmbeddingBlock block;
  block.words = weights.table(at + "word_embeddings.weight", {config.vocab_size, hidden});
  if (config.position_biased_input) {
    block.positions =
        weights.table(at + "position_embeddings.weight", {config.max_position_embeddings, hidden});
  }
  if (config.type_vocab_size > 0) {
    block.types =
        weights.table(at + "token_type_embeddings.weight", {config.type_vocab_size, hidden});
  }
  block.norm = weights.norm(at + "LayerNorm", hidden, config.layer_norm_eps);
  return block;
}

/// What all layers know of distances.
struct Distances {
  Tensor embeddings;
  Norm norm;
  std::vector<std::int32_t> rows;
};

Distances read_distances(Weights& weights, const Config& config) {
  if (!config.relative_attention) return {};
  const std::string at = "deberta.encoder.";
  const std::int64_t hidden = config.hidden_size;
  const std::int64_t span =
      config.position_buckets > 0 ? config.position_buckets : config.max_relative_positions;
  Distances distances;
  distances.embeddings = weights.table(at + "rel_embeddings.weight", {2 * span, hidden});
  if (config.norm_rel_ebd) {
    distances.norm = weights.norm(at + "LayerNorm", hidden, config.layer_norm_eps);
  }
  distances.rows = distance_rows(config.max_position_embeddings - 1, config.position_buckets,
                                 config.max_relative_positions);
  return distances;
}

/// A score is a sum of as many products as pos_att_type names, and the content's own.
RelativePositions read_attention(Weights& weights, const std::string& at, const Config& config,
                                 const Distances& distances, const TransformerLayer& layer) {
  const bool keys = config.content_to_position, queries = config.position_to_content;
  RelativePositions relative;
  relative.terms = 1 + (keys ? 1 : 0) + (queries ? 1 : 0);
  if (!distances.embeddings.defined() || relative.terms == 1) return relative;
  const std::int64_t hidden = config.hidden_size;
  const auto projection = [&](bool wanted, const LinearWeight& shared, const char* own) {
    if (!wanted) return LinearWeight();
    return config.share_att_key ? shared : weights.linear(at + own, hidden, hidden);
  };
  const LinearWeight key = projection(keys, layer.key, "pos_key_proj");
  const LinearWeight query = projection(queries, layer.query, "pos_query_proj");
  relative.distances = std::make_shared<const DistanceTables>(
      distances.embeddings, distances.norm, key, query, distances.rows, weights.compute(),
      weights.training() == nullptr);
  return relative;
}

TransformerLayer read_layer(Weights& weights, const std::string& at, const Config& config,
                            const Distances& distances) {
  const std::int64_t hidden = config.hidden_size, wide = config.intermediate_size;
  const std::string attention = at + "attention.", self = attention + "self.";
  TransformerLayer layer;
  layer.query = weights.linear(self + "query_proj", hidden, hidden);
  layer.key = weights.linear(self + "key_proj", hidden, hidden);
  layer.value = weights.linear(self + "value_proj", hidden, hidden);
  layer.relative = read_attention(weights, self, config, distances, layer);
  layer.attn_out = weights.linear(attention + "output.dense", hidden, hidden);
  layer.attn_norm = weights.norm(attention + "output.LayerNorm", hidden, config.layer_norm_eps);
  layer.ffn_in = weights.linear(at + "intermediate.dense", wide, hidden);
  layer.activation = config.hidden_act;
  layer.ffn_out = weights.linear(at + "output.dense", hidden, wide);
  layer.ffn_norm = weights.norm(at + "output.LayerNorm", hidden, config.layer_norm_eps);
  return layer;
}

/// Stored as `[hidden, hidden, width]`.
Convolution read_convolution(Weights& weights, const Config& config) {
  const std::string at = "deberta.encoder.conv.";
  const std::int64_t hidden = config.hidden_size, width = config.conv_kernel_size;
  return {.product = weights.convolution(at + "conv", hidden, hidden, width),
          .width = width,
          .activation = config.conv_act,
          .norm = weights.norm(at + "LayerNorm", hidden, config.layer_norm_eps)};
}

/// Masked language models: heads like BERT's, and those of the original authors.
HeadLayout masked_layout(const Weights& weights, const Config& config) {
  const std::string original = "lm_predictions.lm_head.", usual = "cls.predictions.";
  if (weights.has(original + "dense.weight") && !weights.has(usual + "transform.dense.weight")) {
    return {.kind = HeadKind::kMaskedLanguageModel,
            .dense = original + "dense",
            .activation = config.hidden_act,
            .norm = original + "LayerNorm",
            .bias = original + "bias"};
  }
  return {.kind = HeadKind::kMaskedLanguageModel,
          .dense = usual + "transform.dense",
          .activation = config.hidden_act,
          .norm = usual + "transform.LayerNorm",
          .out = usual + "decoder",
          .bias = usual + "bias"};
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.max_positions = config.max_position_embeddings;
  parts.embeddings = read_embeddings(weights, config);
  const Distances distances = read_distances(weights, config);
  for (std::int64_t n = 0; n < config.num_hidden_layers; ++n) {
    const std::string at = "deberta.encoder.layer." + std::to_string(n) + ".";
    parts.layers.push_back(read_layer(weights, at, config, distances));
  }
  if (config.conv_kernel_size > 0) {
    parts.layers.front().convolution = read_convolution(weights, config);
  }
  parts.head = read_head(checkpoint,
                         {{.kind = HeadKind::kSequenceClassification,
                           .dense = "pooler.dense",
                           .activation = config.pooler_hidden_act,
                           .out = "classifier"},
                          {.kind = HeadKind::kTokenClassification, .out = "classifier"},
                          {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
                          masked_layout(weights, config)},
                         {config.hidden_size, parts.embeddings.words, config.layer_norm_eps});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_deberta_v2() {
  static const Architecture architecture{
      .name = "deberta-v2",
      .prefix = "deberta.",
      .model_types = {"deberta-v2"},
      .classes = {{"DebertaV2ForSequenceClassification", HeadKind::kSequenceClassification},
                  {"DebertaV2ForTokenClassification", HeadKind::kTokenClassification},
                  {"DebertaV2ForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"DebertaV2ForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"DebertaV2Model", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

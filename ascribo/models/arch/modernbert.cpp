// SPDX-License-Identifier: MIT
// ModernBERT (Warner et al. 2024): norms first, rotary positions, windows in most layers, gated
// feed-forward.
#include "ascribo/base/error.h"
#include "ascribo/models/config.h"
#include "ascribo/models/transformer.h"

namespace ascribo {
namespace {

enum class Reach { kAll, kWindow };

struct Config {
  std::int64_t vocab_size, hidden_size, intermediate_size, num_attention_heads;
  std::int64_t max_position_embeddings, local_attention;
  double norm_eps;
  Bias norm_bias, attention_bias, mlp_bias, classifier_bias, decoder_bias;
  Activation hidden_activation, classifier_activation;
  Pooling classifier_pooling;
  double all_theta, window_theta;  // of rotary positions
  std::vector<Reach> layers;
};

/// What each layer sees: named one by one, or every n-th everything.
std::vector<Reach> read_reaches(const Json& json) {
  const std::int64_t count = config_size_up_to(json, "num_hidden_layers", 22, 10000);
  const std::int64_t every = config_size(json, "global_attn_every_n_layers", 3);
  std::vector<Reach> layers;
  if (const auto near = config_windows(json, count)) {
    for (const bool each : *near) layers.push_back(each ? Reach::kWindow : Reach::kAll);
    return layers;
  }
  for (std::int64_t n = 0; n < count; ++n) {
    layers.push_back(n % every == 0 ? Reach::kAll : Reach::kWindow);
  }
  return layers;
}

bool states(const Json& json, std::string_view key) {
  bool found = false;
  json.members([&](std::string_view name, const Json&) { found = found || name == key; });
  return found;
}

/// rope_theta of one kind of layer, as configs of today have it; else `older`.
double read_theta(const Json& json, std::string_view kind, double older) {
  const auto all = json.find("rope_parameters");
  const auto own = all ? all->find(kind) : std::nullopt;
  if (!own) return older;
  const std::string type = own->string_or("rope_type", "default");
  if (type != "default") {
    fail(Code::kUnsupported, "config.json", "rope_type is \"" + type + '"', "expected \"default\"");
  }
  return config_epsilon(*own, "rope_theta", older);
}

Config read_config(const Json& json) {
  refuse_other_encoders(json);
  const auto bias = [&](std::string_view key, bool usual) {
    return json.boolean_or(key, usual) ? Bias::kStored : Bias::kNone;
  };
  const double all = config_epsilon(json, "global_rope_theta", 160000);
  // null: as the layers that see everything.
  const double window =
      config_epsilon(json, "local_rope_theta", states(json, "local_rope_theta") ? all : 10000);
  const std::string pooling = json.string_or("classifier_pooling", "cls");
  if (pooling != "cls" && pooling != "mean") {
    fail(Code::kUnsupported, "config.json", "classifier_pooling is \"" + pooling + '"',
         "expected \"cls\" or \"mean\"");
  }
  Config config{
      .vocab_size = config_size(json, "vocab_size", 50368),
      .hidden_size = config_size(json, "hidden_size", 768),
      .intermediate_size = config_size(json, "intermediate_size", 1152),
      .num_attention_heads = config_size(json, "num_attention_heads", 12),
      .max_position_embeddings = config_size(json, "max_position_embeddings", 8192),
      .local_attention = config_size(json, "local_attention", 128),
      .norm_eps = config_epsilon(json, "norm_eps", 1e-5),
      .norm_bias = bias("norm_bias", false),
      .attention_bias = bias("attention_bias", false),
      .mlp_bias = bias("mlp_bias", false),
      .classifier_bias = bias("classifier_bias", false),
      .decoder_bias = bias("decoder_bias", true),
      .hidden_activation = config_activation(json, "hidden_activation", "gelu"),
      .classifier_activation = config_activation(json, "classifier_activation", "gelu"),
      .classifier_pooling = pooling == "cls" ? Pooling::kFirst : Pooling::kMean,
      .all_theta = read_theta(json, "full_attention", all),
      .window_theta = read_theta(json, "sliding_attention", window),
      .layers = read_reaches(json),
  };
  check_heads("hidden_size", config.hidden_size, "num_attention_heads", config.num_attention_heads);
  check_heads("hidden_size", config.hidden_size, "halves of heads", 2 * config.num_attention_heads);
  return config;
}

TransformerLayer read_layer(Weights& weights, std::size_t n, const Config& config) {
  const std::string at = "model.layers." + std::to_string(n) + ".";
  const std::int64_t hidden = config.hidden_size, wide = config.intermediate_size;
  const auto norm = [&](const char* name) {
    return weights.norm(at + name, hidden, config.norm_eps, config.norm_bias);
  };
  TransformerLayer layer;
  layer.norm_first = true;
  if (n > 0) layer.attn_norm = norm("attn_norm");  // the first reads normalised embeddings
  const auto projections =
      weights.linears(at + "attn.Wqkv", 3, hidden, hidden, config.attention_bias);
  layer.query = projections[0];
  layer.key = projections[1];
  layer.value = projections[2];
  layer.attn_out = weights.linear(at + "attn.Wo", hidden, hidden, config.attention_bias);
  layer.ffn_norm = norm("mlp_norm");
  const auto wi = weights.linears(at + "mlp.Wi", 2, wide, hidden, config.mlp_bias);
  layer.ffn_in = wi[0];
  layer.ffn_gate = wi[1];
  layer.activation = config.hidden_activation;
  layer.ffn_out = weights.linear(at + "mlp.Wo", hidden, wide, config.mlp_bias);
  return layer;
}

std::vector<TransformerLayer> read_layers(Weights& weights, const Config& config) {
  const std::int64_t width = config.hidden_size / config.num_attention_heads;
  const auto all = std::make_shared<const RotaryAngles>(width, config.all_theta, weights.compute());
  const auto near =
      std::make_shared<const RotaryAngles>(width, config.window_theta, weights.compute());
  std::vector<TransformerLayer> layers;
  for (std::size_t n = 0; n < config.layers.size(); ++n) {
    layers.push_back(read_layer(weights, n, config));
    RelativePositions& relative = layers.back().relative;
    relative.rotary = config.layers[n] == Reach::kAll ? all : near;
    if (config.layers[n] == Reach::kWindow) relative.window = config.local_attention / 2;
  }
  layers.back().final_norm =
      weights.norm("model.final_norm", config.hidden_size, config.norm_eps, config.norm_bias);
  return layers;
}

/// All heads but the base model's begin alike.
std::vector<HeadLayout> head_layouts(const Config& config) {
  std::vector<HeadLayout> layouts;
  for (const HeadKind kind : {HeadKind::kSequenceClassification, HeadKind::kTokenClassification,
                              HeadKind::kQuestionAnswering, HeadKind::kMaskedLanguageModel}) {
    const bool masked = kind == HeadKind::kMaskedLanguageModel;
    layouts.push_back({.kind = kind,
                       .dense = "head.dense",
                       .dense_bias = config.classifier_bias,
                       .activation = config.classifier_activation,
                       .norm = "head.norm",
                       .norm_bias = config.norm_bias,
                       .out = masked ? "decoder" : "classifier",
                       .out_bias = masked ? config.decoder_bias : Bias::kStored,
                       .pooling = config.classifier_pooling});
  }
  return layouts;
}

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const Config config = read_config(checkpoint.config);
  Weights& weights = checkpoint.weights;
  TransformerParts parts;
  parts.heads = config.num_attention_heads;
  parts.max_positions = config.max_position_embeddings;
  parts.embeddings.words = weights.table("model.embeddings.tok_embeddings.weight",
                                         {config.vocab_size, config.hidden_size});
  parts.embeddings.norm =
      weights.norm("model.embeddings.norm", config.hidden_size, config.norm_eps, config.norm_bias);
  parts.layers = read_layers(weights, config);
  parts.head = read_head(checkpoint, head_layouts(config),
                         {config.hidden_size, parts.embeddings.words, config.norm_eps});
  return make_transformer(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_modernbert() {
  static const Architecture architecture{
      .name = "modernbert",
      .prefix = "model.",
      .model_types = {"modernbert"},
      .classes = {{"ModernBertForSequenceClassification", HeadKind::kSequenceClassification},
                  {"ModernBertForTokenClassification", HeadKind::kTokenClassification},
                  {"ModernBertForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"ModernBertForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"ModernBertModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// An explanation as one line of JSON, schema "ascribo.explanation/1" (docs/design/explanation.md).
#include "ascribo/base/assert.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/renderer.h"

namespace ascribo {
namespace {

std::string_view side_name(Side side) {
  switch (side) {
    case Side::kText: return "text";
    case Side::kPair: return "pair";
    case Side::kOutput: return "output";
  }
  return "text";
}

template <class T>
void write_optional(JsonWriter& json, std::string_view key, const std::optional<T>& value) {
  json.key(key);
  if (value) {
    json.value(*value);
  } else {
    json.null();
  }
}

template <class Range>
void write_array(JsonWriter& json, std::string_view key, const Range& values) {
  json.key(key).begin_array();
  for (const auto& value : values) json.value(value);
  json.end_array();
}

void write_subject(JsonWriter& json, const Explanation& explanation) {
  const ModelSummary& model = explanation.model;
  json.key("model").begin_object();
  json.key("path").value(model.path).key("architecture").value(model.architecture);
  json.key("hash").value(model.hash).end_object();

  const InputSummary& input = explanation.input;
  json.key("input").begin_object().key("text").value(input.text);
  write_optional(json, "pair", input.pair);
  write_optional(json, "id", input.id);
  write_optional(json, "label", input.label);
  if (!input.input_ids.empty()) write_array(json, "input_ids", input.input_ids);
  if (!input.type_ids.empty()) write_array(json, "type_ids", input.type_ids);
  json.end_object();

  const Prediction& prediction = explanation.prediction;
  json.key("prediction").begin_object().key("index").value(prediction.index);
  json.key("label").value(prediction.label);
  write_optional(json, "probability", prediction.probability);
  write_array(json, "logits", prediction.logits);
  if (!prediction.tokens.empty()) {
    json.key("tokens").begin_array();
    for (const TokenPrediction& token : prediction.tokens) {
      json.begin_object().key("token").value(token.token).key("index").value(token.index);
      json.key("label").value(token.label).key("probability").value(token.probability);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  json.key("output");
  if (explanation.output) {
    json.begin_object().key("text").value(explanation.output->text);
    write_array(json, "ids", explanation.output->ids);
    json.end_object();
  } else {
    json.null();
  }
}

void write_tokens(JsonWriter& json, const std::vector<TokenInfo>& tokens) {
  json.key("tokens").begin_array();
  for (const TokenInfo& token : tokens) {
    json.begin_object().key("id").value(token.id).key("text").value(token.text);
    json.key("side").value(side_name(token.side));
    json.key("start").value(token.start).key("end").value(token.end);
    json.key("special").value(token.special).end_object();
  }
  json.end_array();
}

void write_method(JsonWriter& json, const Explanation& explanation) {
  json.key("method").begin_object().key("name").value(explanation.method.name);
  json.key("options").begin_object();
  for (const auto& [name, value] : explanation.method.options) {
    json.key(name);
    std::visit([&](const auto& held) { json.value(held); }, value);
  }
  json.end_object();
  if (!explanation.method.is_signed) json.key("signed").value(false);
  json.end_object();
  json.key("baseline");
  if (explanation.baseline) {
    json.begin_object().key("kind").value(explanation.baseline->kind);
    write_array(json, "tokens", explanation.baseline->tokens);
    json.end_object();
  } else {
    json.null();
  }
  json.key("score").value(explanation.score).key("unit").value(explanation.unit);
}

void write_units(JsonWriter& json, const std::vector<UnitInfo>& units) {
  json.key("units").begin_array();
  for (const UnitInfo& unit : units) {
    json.begin_object().key("text").value(unit.text).key("side").value(side_name(unit.side));
    json.key("start").value(unit.start).key("end").value(unit.end);
    write_array(json, "tokens", unit.tokens);
    if (!unit.name.empty()) json.key("name").value(unit.name);
    json.end_object();
  }
  json.end_array();
}

void write_attribution(JsonWriter& json, const Attribution& attribution, std::size_t tokens) {
  json.begin_object().key("target").value(attribution.target);
  json.key("index").value(attribution.index);
  write_optional(json, "position", attribution.position);
  write_optional(json, "versus", attribution.versus);
  json.key("value").value(attribution.value);
  write_optional(json, "baseline_value", attribution.baseline_value);
  write_optional(json, "delta", attribution.delta);
  write_array(json, "scores", attribution.scores);
  write_optional(json, "special", attribution.special);
  if (attribution.standard_error) {
    write_array(json, "standard_error", *attribution.standard_error);
  } else {
    json.key("standard_error").null();
  }
  if (attribution.values) {
    const std::size_t dimensions = tokens == 0 ? 0 : attribution.values->size() / tokens;
    ASCRIBO_ASSERT(dimensions * tokens == attribution.values->size());
    json.key("values").begin_object();
    write_array(
        json, "shape",
        std::vector{static_cast<std::int64_t>(tokens), static_cast<std::int64_t>(dimensions)});
    write_array(json, "data", *attribution.values);
    json.end_object();
  }
  json.end_object();
}

void write_layers(JsonWriter& json, const std::optional<std::vector<LayerTable>>& layers) {
  json.key("layers");
  if (!layers) {
    json.null();
    return;
  }
  json.begin_array();
  for (const LayerTable& table : *layers) {
    json.begin_object().key("name").value(table.name);
    write_array(json, "shape", table.shape);
    if (table.file.empty()) {
      write_array(json, "data", table.data);
    } else {
      json.key("data").null().key("file").value(table.file).key("entry").value(table.entry);
    }
    json.end_object();
  }
  json.end_array();
}

std::string item(const Explanation& given, const RenderOptions&) {
  const Explanation explanation = displayed(given);
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.explanation/1");
  write_subject(json, explanation);
  write_tokens(json, explanation.tokens);
  write_method(json, explanation);
  write_units(json, explanation.units);
  json.key("attributions").begin_array();
  for (const Attribution& attribution : explanation.attributions) {
    write_attribution(json, attribution, explanation.tokens.size());
  }
  json.end_array();
  if (explanation.masks) write_array(json, "masks", *explanation.masks);
  write_layers(json, explanation.layers);
  json.key("cost").begin_object().key("seconds").value(explanation.cost.seconds);
  json.key("forward_tokens").value(explanation.cost.forward_tokens);
  json.key("backward_tokens").value(explanation.cost.backward_tokens).end_object();
  json.key("seed").value(explanation.seed);
  write_array(json, "notes", explanation.notes);
  json.end_object();
  return json.str() + "\n";
}

std::string nothing(const RenderOptions&) { return {}; }

}  // namespace

const Renderer& renderer_json() {
  static constexpr Renderer kRenderer{"json", "one JSON object per explanation and line", nothing,
                                      item, nothing};
  return kRenderer;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Takes the fields of schema "ascribo.explanation/1" (docs/design/explanation.md) one by one.
#include "ascribo/explain/saved/read_explanation.h"

#include <limits>

#include "ascribo/base/error.h"
#include "ascribo/explain/saved/check_explanation.h"

namespace ascribo {
namespace {

constexpr std::string_view kSchema = "ascribo.explanation/1";

std::optional<std::string> optional_text(const Json& json, std::string_view key) {
  const auto value = json.find(key);
  if (!value) return std::nullopt;
  return std::string(value->string());
}

std::optional<double> optional_number(const Json& json, std::string_view key) {
  const auto value = json.find(key);
  if (!value) return std::nullopt;
  return value->number();
}

std::string text(const Json& json, std::string_view key) {
  return std::string(json.at(key).string());
}

/// A number that is null was not finite when it was written.
double number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.number();
}

std::vector<float> floats(const Json& json) {
  std::vector<float> values;
  json.elements([&](const Json& value) { values.push_back(static_cast<float>(number(value))); });
  return values;
}

std::vector<std::int64_t> integers(const Json& json) {
  std::vector<std::int64_t> values;
  json.elements([&](const Json& value) { values.push_back(value.integer()); });
  return values;
}

std::vector<std::string> texts(const Json& json) {
  std::vector<std::string> values;
  json.elements([&](const Json& value) { values.emplace_back(value.string()); });
  return values;
}

/// One of the three names; `where` is for what is none of them.
Side side(const Json& json, const std::string& where) {
  const std::string_view name = json.at("side").string();
  if (name == "text") return Side::kText;
  if (name == "pair") return Side::kPair;
  if (name == "output") return Side::kOutput;
  fail(Code::kBadFile, where, "\"side\" holds \"" + std::string(name) + '"',
       "expected text, pair or output");
}

ModelSummary read_model(const Json& json) {
  return {text(json, "path"), text(json, "architecture"), text(json, "hash")};
}

InputSummary read_input(const Json& json) {
  InputSummary input{text(json, "text"), optional_text(json, "pair"), optional_text(json, "id"),
                     optional_text(json, "label")};
  if (const auto ids = json.find("input_ids")) input.input_ids = integers(*ids);
  if (const auto types = json.find("type_ids")) input.type_ids = integers(*types);
  return input;
}

Prediction read_prediction(const Json& json) {
  Prediction prediction;
  prediction.index = json.at("index").integer();
  prediction.label = json.at("label").string();
  if (const auto probability = optional_number(json, "probability")) {
    prediction.probability = static_cast<float>(*probability);
  }
  prediction.logits = floats(json.at("logits"));
  if (const auto tokens = json.find("tokens")) {
    tokens->elements([&](const Json& token) {
      prediction.tokens.push_back({token.at("token").integer(), token.at("index").integer(),
                                   text(token, "label"),
                                   static_cast<float>(number(token.at("probability")))});
    });
  }
  return prediction;
}

TokenInfo read_token(const Json& json, const std::string& where) {
  return {json.at("id").integer(),    text(json, "text"),       side(json, where),
          json.at("start").integer(), json.at("end").integer(), json.at("special").boolean()};
}

UnitInfo read_unit(const Json& json, const std::string& where) {
  return {text(json, "text"),       side(json, where),           json.at("start").integer(),
          json.at("end").integer(), integers(json.at("tokens")), json.string_or("name", "")};
}

OptionValue read_option(const Json& value, std::string_view name, const std::string& where) {
  switch (value.kind()) {
    case Json::Kind::kBool: return value.boolean();
    case Json::Kind::kInteger: return value.integer();
    case Json::Kind::kNumber: return value.number();
    case Json::Kind::kString: return std::string(value.string());
    case Json::Kind::kNull: return std::numeric_limits<double>::quiet_NaN();
    default:
      fail(Code::kBadFile, where, "the option \"" + std::string(name) + "\" holds " + value.dump(),
           "expected a text, a number, true or false");
  }
}

MethodSummary read_method(const Json& json, const std::string& where) {
  MethodSummary method;
  method.name = json.at("name").string();
  json.at("options").members([&](std::string_view name, const Json& value) {
    method.options.emplace_back(name, read_option(value, name, where));
  });
  method.is_signed = json.boolean_or("signed", true);
  return method;
}

Attribution read_attribution(const Json& json) {
  Attribution attribution;
  attribution.target = json.at("target").string();
  attribution.index = json.at("index").integer();
  if (const auto position = json.find("position")) attribution.position = position->integer();
  attribution.versus = optional_text(json, "versus");
  attribution.value = number(json.at("value"));
  attribution.baseline_value = optional_number(json, "baseline_value");
  attribution.delta = optional_number(json, "delta");
  attribution.scores = floats(json.at("scores"));
  attribution.special = optional_number(json, "special");
  if (const auto errors = json.find("standard_error")) attribution.standard_error = floats(*errors);
  if (const auto values = json.find("values")) attribution.values = floats(values->at("data"));
  return attribution;
}

LayerTable read_table(const Json& json) {
  LayerTable table{text(json, "name"), integers(json.at("shape")), {}};
  if (const auto data = json.find("data")) {
    table.data = floats(*data);
  } else {
    table.file = text(json, "file");
    table.entry = text(json, "entry");
  }
  return table;
}

/// A seed takes the whole of 64 bits, more than Json::integer() holds.
std::uint64_t read_seed(const Json& json) {
  const std::string digits = json.dump();
  const bool whole = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
  return whole ? std::stoull(digits) : static_cast<std::uint64_t>(json.integer());
}

void require_schema(const Json& json, const std::string& where) {
  const std::string expected = "expected \"schema\": \"" + std::string(kSchema) + '"';
  const std::string_view hint = "ascribo explain --output FILE.jsonl writes such files";
  if (!json.is_object()) {
    fail(Code::kBadFile, where, "this is no JSON object", expected, hint);
  }
  const auto schema = json.find("schema");
  if (!schema) fail(Code::kBadFile, where, "this has no \"schema\"", expected, hint);
  if (!schema->is_string() || schema->string() != kSchema) {
    fail(Code::kBadFile, where, "\"schema\" holds " + schema->dump(), expected, hint);
  }
}

}  // namespace

Explanation read_explanation(const Json& json, const std::string& where) {
  require_schema(json, where);
  Explanation result;
  result.model = read_model(json.at("model"));
  result.input = read_input(json.at("input"));
  result.prediction = read_prediction(json.at("prediction"));
  if (const auto output = json.find("output")) {
    result.output = OutputSummary{text(*output, "text"), integers(output->at("ids"))};
  }
  json.at("tokens").elements(
      [&](const Json& token) { result.tokens.push_back(read_token(token, where)); });
  result.method = read_method(json.at("method"), where);
  if (const auto baseline = json.find("baseline")) {
    result.baseline = BaselineSummary{text(*baseline, "kind"), texts(baseline->at("tokens"))};
  }
  result.score = json.at("score").string();
  result.unit = json.at("unit").string();
  json.at("units").elements(
      [&](const Json& unit) { result.units.push_back(read_unit(unit, where)); });
  json.at("attributions").elements([&](const Json& attribution) {
    result.attributions.push_back(read_attribution(attribution));
  });
  if (const auto masks = json.find("masks")) result.masks = texts(*masks);
  if (const auto layers = json.find("layers")) {
    result.layers.emplace();
    layers->elements([&](const Json& table) { result.layers->push_back(read_table(table)); });
  }
  const Json cost = json.at("cost");
  result.cost = {cost.at("seconds").number(), cost.at("forward_tokens").integer(),
                 cost.at("backward_tokens").integer()};
  result.seed = read_seed(json.at("seed"));
  result.notes = texts(json.at("notes"));
  check_explanation(result, where);
  return result;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Makes records of evaluations, and lines of records.
#include "ascribo/metrics/comparison/record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ascribo/base/json.h"
#include "ascribo/base/json_writer.h"

namespace ascribo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The curve at a share of the units, between its points by a straight line.
double at_share(const TargetMeasure& target, double share) {
  const auto last = static_cast<double>(target.counts.back());
  const double wanted = share * last;
  std::size_t i = 1;
  while (i + 1 < target.counts.size() && static_cast<double>(target.counts[i]) < wanted) ++i;
  const auto begin = static_cast<double>(target.counts[i - 1]);
  const auto end = static_cast<double>(target.counts[i]);
  const double weight = end > begin ? std::clamp((wanted - begin) / (end - begin), 0.0, 1.0) : 1;
  return target.curve[i - 1] + weight * (target.curve[i] - target.curve[i - 1]);
}

// The mean over targets; of curves that begin with nothing hidden or shown.
std::vector<double> even_curve(const Measure& measure) {
  std::vector<double> curve;
  double count = 0;
  for (const TargetMeasure& target : measure.targets) {
    if (target.curve.size() < 2 || target.counts.front() != 0 || target.counts.back() == 0)
      continue;
    curve.resize(kCurveSteps + 1, 0.0);
    for (std::size_t i = 0; i <= kCurveSteps; ++i) {
      curve[i] += at_share(target, static_cast<double>(i) / kCurveSteps);
    }
    ++count;
  }
  for (double& each : curve) each /= count;
  return curve;
}

void write_numbers(JsonWriter& json, std::span<const double> numbers) {
  json.begin_array();
  for (const double number : numbers) json.value(number);  // NaN becomes null
  json.end_array();
}

std::vector<double> read_numbers(const Json& json) {
  std::vector<double> numbers;
  json.elements(
      [&](const Json& number) { numbers.push_back(number.is_null() ? kNone : number.number()); });
  return numbers;
}

void write_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

std::vector<std::string> read_texts(const Json& json) {
  std::vector<std::string> texts;
  json.elements([&](const Json& text) { texts.emplace_back(text.string()); });
  return texts;
}

void write_metric(JsonWriter& json, const MetricRecord& metric) {
  json.begin_object().key("values");
  write_numbers(json, metric.values);
  json.key("curves").begin_array();
  for (const std::vector<double>& curve : metric.curves) write_numbers(json, curve);
  json.end_array().end_object();
}

MetricRecord read_metric(const Json& json) {
  MetricRecord metric;
  const std::vector<double> values = read_numbers(json.at("values"));
  for (std::size_t i = 0; i < kRankings && i < values.size(); ++i) metric.values[i] = values[i];
  std::size_t i = 0;
  json.at("curves").elements([&](const Json& curve) {
    if (i < kRankings) metric.curves[i++] = read_numbers(curve);
  });
  return metric;
}

MethodRecord read_method(const Json& json) {
  MethodRecord method;
  method.seconds = json.at("seconds").number();
  method.forwards = json.at("forwards").integer();
  method.backwards = json.at("backwards").integer();
  json.at("metrics").elements(
      [&](const Json& metric) { method.metrics.push_back(read_metric(metric)); });
  return method;
}

void write_example(JsonWriter& json, const ComparisonExample& example) {
  json.begin_object().key("text").value(example.text).key("target").value(example.target);
  json.key("units");
  write_texts(json, example.units);
  json.key("methods");
  write_texts(json, example.methods);
  json.key("scores").begin_array();
  for (const std::vector<double>& scores : example.scores) write_numbers(json, scores);
  json.end_array().end_object();
}

ComparisonExample read_example(const Json& json) {
  ComparisonExample example{std::string(json.at("text").string()),
                            std::string(json.at("target").string()),
                            read_texts(json.at("units")),
                            read_texts(json.at("methods")),
                            {}};
  json.at("scores").elements(
      [&](const Json& scores) { example.scores.push_back(read_numbers(scores)); });
  return example;
}

}  // namespace

MethodRecord make_record(const Evaluation& evaluation) {
  MethodRecord record{evaluation.explanation.cost.seconds, evaluation.forwards,
                      evaluation.backwards};
  for (const Judgements& judgements : evaluation.metrics) {
    MetricRecord& metric = record.metrics.emplace_back();
    for (std::size_t i = 0; i < kRankings; ++i) {
      metric.values[i] = judgements[i] ? judgements[i]->value : kNone;
      if (judgements[i]) metric.curves[i] = even_curve(*judgements[i]);
    }
  }
  return record;
}

void add_example(const Evaluation& evaluation, TextRecord& record) {
  const Explanation& explanation = evaluation.explanation;
  const Attribution& attribution = explanation.attributions.front();
  if (record.example.empty()) {
    record.example.push_back({explanation.input.text, attribution.target, {}, {}, {}});
    for (const UnitInfo& unit : explanation.units) record.example[0].units.push_back(unit.text);
  }
  record.example[0].methods.push_back(explanation.method.name);
  record.example[0].scores.emplace_back(attribution.scores.begin(), attribution.scores.end());
}

std::string to_line(const TextRecord& record) {
  JsonWriter json;
  json.begin_object().key("number").value(record.number).key("error").value(record.error);
  json.key("unit").value(record.unit).key("score").value(record.score);
  json.key("methods").begin_array();
  for (const MethodRecord& method : record.methods) {
    json.begin_object().key("seconds").value(method.seconds);
    json.key("forwards").value(method.forwards).key("backwards").value(method.backwards);
    json.key("metrics").begin_array();
    for (const MetricRecord& metric : method.metrics) write_metric(json, metric);
    json.end_array().end_object();
  }
  json.end_array().key("example").begin_array();
  for (const ComparisonExample& example : record.example) write_example(json, example);
  json.end_array().end_object();
  return json.str();
}

TextRecord parse_record(std::string_view line, const std::string& where) {
  const Json json = Json::parse(line, where);
  TextRecord record{json.at("number").integer(), std::string(json.at("error").string()),
                    std::string(json.at("unit").string()), std::string(json.at("score").string())};
  json.at("methods").elements(
      [&](const Json& method) { record.methods.push_back(read_method(method)); });
  json.at("example").elements(
      [&](const Json& example) { record.example.push_back(read_example(example)); });
  return record;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Writes evaluations.
#include "evaluation_line.h"

namespace ascribo::cli {
namespace {

void write_target(JsonWriter& json, const TargetMeasure& target, const Attribution& attribution) {
  json.begin_object().key("target").value(attribution.target).key("index").value(attribution.index);
  json.key("position");
  if (attribution.position) {
    json.value(*attribution.position);
  } else {
    json.null();
  }
  json.key("value").value(target.value).key("counts").begin_array();
  for (const std::int64_t count : target.counts) json.value(count);
  json.end_array().key("curve").begin_array();
  for (const double score : target.curve) json.value(score);
  json.end_array().end_object();
}

void write_measure(JsonWriter& json, const MetricRequest& metric, std::string_view ranking,
                   const Measure& measure, const Explanation& explanation) {
  json.begin_object().key("metric").value(metric.label).key("ranking").value(ranking);
  json.key("value").value(measure.value).key("targets").begin_array();
  for (std::size_t k = 0; k < measure.targets.size(); ++k) {
    write_target(json, measure.targets[k], explanation.attributions[k]);
  }
  json.end_array().end_object();
}

}  // namespace

std::string evaluation_line(const Evaluation& evaluation,
                            const std::vector<MetricRequest>& metrics) {
  const Explanation& explanation = evaluation.explanation;
  JsonWriter json;
  json.begin_object().key("text").value(explanation.input.text).key("id");
  if (explanation.input.id) {
    json.value(*explanation.input.id);
  } else {
    json.null();
  }
  json.key("method").value(explanation.method.name);
  json.key("forwards").value(evaluation.forwards).key("backwards").value(evaluation.backwards);
  json.key("metrics").begin_array();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    for (std::size_t r = 0; r < kRankings; ++r) {
      const std::optional<Measure>& measure = evaluation.metrics[m][r];
      if (measure) {
        write_measure(json, metrics[m], EnumNames<Ranking>::kNames[r], *measure, explanation);
      }
    }
  }
  json.end_array().end_object();
  return json.str() + "\n";
}

}  // namespace ascribo::cli

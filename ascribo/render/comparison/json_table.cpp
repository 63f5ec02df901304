// SPDX-License-Identifier: MIT
// A comparison as JSON, with everything that is in it.
#include "ascribo/base/json_writer.h"
#include "ascribo/render/comparison/comparison_views.h"

namespace ascribo {
namespace {

void write(JsonWriter& json, const std::vector<double>& numbers) {
  json.begin_array();
  for (const double number : numbers) json.value(number);
  json.end_array();
}

void write(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write(JsonWriter& json, const std::string& metric, const ComparisonCell& cell) {
  json.begin_object().key("metric").value(metric).key("texts").value(cell.texts);
  json.key("mean").value(cell.mean).key("standard_error").value(cell.standard_error);
  json.key("low").value(cell.low).key("high").value(cell.high).key("best").value(cell.best);
  json.key("curve");
  write(json, cell.curve);
  json.end_object();
}

void write(JsonWriter& json, const Comparison& comparison, const ComparisonRow& row) {
  json.begin_object().key("method");
  if (row.method.empty()) {
    json.null();
  } else {
    json.value(row.method);
  }
  json.key("ranking").value(row.ranking).key("metrics").begin_array();
  for (std::size_t c = 0; c < row.cells.size(); ++c) {
    if (row.cells[c]) write(json, comparison.columns[c].label, *row.cells[c]);
  }
  json.end_array();
  if (row.ranking == "method") {
    json.key("cost").begin_object().key("seconds").value(row.seconds);
    json.key("forwards").value(row.forwards).key("backwards").value(row.backwards).end_object();
  }
  json.end_object();
}

void write(JsonWriter& json, const Comparison& comparison, const ComparisonDifference& each) {
  json.begin_object().key("metric").value(comparison.columns[each.column].label);
  json.key("first").value(comparison.rows[each.first].name());
  json.key("second").value(comparison.rows[each.second].name());
  json.key("mean").value(each.mean).key("low").value(each.low).key("high").value(each.high);
  json.key("p").value(each.p).key("significant").value(each.significant).end_object();
}

void write(JsonWriter& json, const ComparisonExample& example) {
  json.begin_object().key("text").value(example.text).key("target").value(example.target);
  json.key("units");
  write(json, example.units);
  json.key("scores").begin_object();
  for (std::size_t m = 0; m < example.methods.size(); ++m) {
    json.key(example.methods[m]);
    write(json, example.scores[m]);
  }
  json.end_object().end_object();
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.comparison/1");
  json.key("model").value(comparison.model).key("data").value(comparison.data);
  json.key("unit").value(comparison.unit).key("score").value(comparison.score);
  json.key("target").value(comparison.target).key("seed").value(comparison.seed);
  json.key("texts").value(comparison.texts).key("skipped").value(comparison.skipped);
  json.key("metrics").begin_array();
  for (const ComparisonColumn& column : comparison.columns) {
    json.begin_object().key("metric").value(column.label);
    json.key("direction").value(column.direction).key("summary").value(column.summary);
    json.end_object();
  }
  json.end_array().key("rows").begin_array();
  for (const ComparisonRow& row : comparison.rows) write(json, comparison, row);
  json.end_array().key("differences").begin_array();
  for (const ComparisonDifference& each : comparison.differences) write(json, comparison, each);
  json.end_array().key("examples").begin_array();
  for (const ComparisonExample& example : comparison.examples) write(json, example);
  json.end_array().end_object();
  return json.str() + "\n";
}

}  // namespace ascribo

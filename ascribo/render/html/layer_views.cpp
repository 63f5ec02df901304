// SPDX-License-Identifier: MIT
// Writes the first layer view as markup and everything else as data.
#include "ascribo/render/html/layer_views.h"

#include <cmath>

#include "ascribo/base/json_writer.h"
#include "ascribo/render/html/heat_map.h"
#include "ascribo/render/html/pieces.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/layers.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

/// Shares as whole ten-thousandths: half the bytes, and more digits than a colour shows.
void write_tables(JsonWriter& json, const std::vector<const LayerTable*>& tables) {
  json.key("tables").begin_array();
  for (const LayerTable* table : tables) {
    json.begin_object().key("name").value(visible(table->name));
    json.key("layers").value(table->shape[0]).key("data").begin_array();
    for (const float value : table->data) {
      const double scaled = std::round(static_cast<double>(value) * 10000);
      std::isfinite(scaled) ? json.value(static_cast<std::int64_t>(scaled)) : json.null();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

std::string options(const std::vector<std::string>& names, std::size_t chosen) {
  std::string html;
  for (std::size_t at = 0; at < names.size(); ++at) {
    html += "<option value=\"" + std::to_string(at) + "\"" + (at == chosen ? " selected" : "") +
            ">" + escape_html(visible(names[at])) + "</option>";
  }
  return html;
}

std::string choice(std::string_view name, std::string_view label,
                   const std::vector<std::string>& names, std::size_t chosen) {
  return "<label>" + std::string(label) + " <select data-choose=\"" + std::string(name) + "\">" +
         options(names, chosen) + "</select></label>";
}

}  // namespace

std::string layer_views(const Explanation& shown) {
  const std::vector<const LayerTable*> tables = token_tables(shown);
  if (tables.empty()) return {};
  const std::size_t row = scored_row(shown);
  std::vector<std::string> layers, kinds;
  for (std::int64_t layer = 0; layer < tables[0]->shape[0]; ++layer) {
    layers.push_back(std::to_string(layer));
  }
  for (const LayerTable* table : tables) kinds.push_back(table->name);
  const std::vector<std::string> tokens = token_names(shown);
  std::string html = "<section class=\"layers\"><h2>Through the layers</h2><div class=\"chooser\">";
  html +=
      choice("view", "Show", {"flow", "one token, layer by layer", "one layer, token by token"}, 1);
  html += choice("table", "table", kinds, 0) + choice("row", "token", tokens, row);
  html += choice("layer", "layer", layers, layers.size() - 1) + "</div>\n<div class=\"view\">";
  html += heat_map(layer_grid(shown, *tables[0], row)) + "</div>\n";
  JsonWriter json;
  json.begin_object().key("tokens").begin_array();
  for (const std::string& token : tokens) json.value(visible(token));
  json.end_array();
  write_tables(json, tables);
  json.end_object();
  return html + "<script type=\"application/json\">" + escape_script_json(json.str()) +
         "</script></section>\n";
}

}  // namespace ascribo

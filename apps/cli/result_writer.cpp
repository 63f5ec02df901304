// SPDX-License-Identifier: MIT
// Writes explanations in every form asked for, one at a time.
#include "result_writer.h"

#include <numeric>

#include "standard_output.h"

namespace ascribo::cli {
namespace {

std::string extension(const std::string& file) {
  return std::filesystem::path(file).extension().string();
}

/// More numbers than this in the layer tables of one explanation, about a megabyte of text, go to a
/// file of their own.
constexpr std::size_t kMostNumbersInline = std::size_t{1} << 16;

std::size_t count_numbers(const std::vector<LayerTable>& tables) {
  return std::accumulate(
      tables.begin(), tables.end(), std::size_t{0},
      [](std::size_t sum, const LayerTable& table) { return sum + table.data.size(); });
}

/// A device or a pipe has nothing beside it.
bool has_place_beside(const std::filesystem::path& file) {
  return !std::filesystem::exists(file) || std::filesystem::is_regular_file(file);
}

}  // namespace

ResultWriter::ResultWriter(OutputPlan plan) : plan_(std::move(plan)) {
  if (plan_.json_file) {
    json_array_ = extension(*plan_.json_file) == ".json";
    json_ = std::make_unique<OutputFile>(*plan_.json_file);
    if (json_array_) json_->write("[");
  }
  if (plan_.html_file) {
    html_ = std::make_unique<OutputFile>(*plan_.html_file);
    html_->write(find_renderer("html").begin(plan_.render));
  }
  if (plan_.mask_file) masks_ = std::make_unique<OutputFile>(*plan_.mask_file);
  if (plan_.standard != nullptr) standard_open_ = print(plan_.standard->begin(plan_.render));
}

void ResultWriter::add(const Explanation& explanation) {
  if (standard_open_) {
    standard_open_ = print(plan_.standard->item(explanation, plan_.render));
  }
  if (json_) add_json(explanation);
  if (html_) html_->write(find_renderer("html").item(explanation, plan_.render));
  if (masks_ && explanation.masks) {
    masks_->write(mask_line(explanation.input.text, explanation.unit, *explanation.masks));
  }
  ++written_;
}

std::optional<std::filesystem::path> ResultWriter::layer_file() const {
  if (!layers_) return std::nullopt;
  return std::filesystem::path(*plan_.json_file).replace_extension(".layers.npz");
}

void ResultWriter::move_layers(Explanation& explanation) {
  const auto file = std::filesystem::path(*plan_.json_file).replace_extension(".layers.npz");
  if (!layers_) layers_ = std::make_unique<NpzFile>(file);
  for (LayerTable& table : *explanation.layers) {
    table.file = file.filename().string();
    table.entry = std::to_string(written_) + "/" + table.name;
    layers_->add(table.entry, table.shape, table.data);
    table.data.clear();
  }
}

void ResultWriter::add_json(const Explanation& explanation) {
  std::string line;
  if (explanation.layers && count_numbers(*explanation.layers) > kMostNumbersInline &&
      has_place_beside(*plan_.json_file)) {
    Explanation moved = explanation;
    move_layers(moved);
    line = find_renderer("json").item(moved, plan_.render);
  } else {
    line = find_renderer("json").item(explanation, plan_.render);
  }
  if (!json_array_) {
    json_->write(line);
    return;
  }
  while (!line.empty() && line.back() == '\n') line.pop_back();
  json_->write((written_ == 0 ? "\n" : ",\n") + line);
}

void ResultWriter::finish() {
  if (standard_open_) print(plan_.standard->end(plan_.render));
  if (json_) {
    if (json_array_) json_->write("\n]\n");
    if (layers_) layers_->commit();
    json_->commit();
  }
  if (html_) {
    html_->write(find_renderer("html").end(plan_.render));
    html_->commit();
  }
  if (masks_) masks_->commit();
}

}  // namespace ascribo::cli

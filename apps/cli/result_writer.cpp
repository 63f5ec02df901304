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
  for (const PagePlan& page : plan_.pages) {
    pages_.push_back({page, std::make_unique<OutputFile>(page.file)});
    pages_.back().file->write(page.renderer->begin(plan_.render));
  }
  if (plan_.mask_file) masks_ = std::make_unique<OutputFile>(*plan_.mask_file);
  if (plan_.standard != nullptr) standard_open_ = print(plan_.standard->begin(plan_.render));
}

void ResultWriter::add(const Explanation& explanation) {
  if (standard_open_) {
    standard_open_ = print(plan_.standard->item(explanation, plan_.render));
  }
  if (json_) add_json(explanation);
  for (Page& page : pages_) add_page(page, explanation);
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

void ResultWriter::add_page(Page& page, const Explanation& explanation) {
  const Renderer& renderer = *page.plan.renderer;
  if (renderer.single && written_ > 0) {
    page.file->write(renderer.end(plan_.render));
    page.file->commit();
    std::filesystem::path next(page.plan.file);
    next.replace_filename(next.stem().string() + "-" + std::to_string(written_ + 1) +
                          next.extension().string());
    page.file = std::make_unique<OutputFile>(next);
    page.file->write(renderer.begin(plan_.render));
  }
  page.file->write(renderer.item(explanation, plan_.render));
}

void ResultWriter::finish() {
  if (standard_open_) print(plan_.standard->end(plan_.render));
  if (json_) {
    if (json_array_) json_->write("\n]\n");
    if (layers_) layers_->commit();
    json_->commit();
  }
  for (Page& page : pages_) {
    page.file->write(page.plan.renderer->end(plan_.render));
    page.file->commit();
  }
  if (masks_) masks_->commit();
}

}  // namespace ascribo::cli

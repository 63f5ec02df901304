// SPDX-License-Identifier: MIT
// Writes explanations in every form asked for, one at a time.
#include "result_writer.h"

#include "standard_output.h"

namespace ascribo::cli {
namespace {

std::string extension(const std::string& file) {
  return std::filesystem::path(file).extension().string();
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

void ResultWriter::add_json(const Explanation& explanation) {
  std::string line = find_renderer("json").item(explanation, plan_.render);
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
    json_->commit();
  }
  if (html_) {
    html_->write(find_renderer("html").end(plan_.render));
    html_->commit();
  }
  if (masks_) masks_->commit();
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Reads lines as they come; an array as a whole.
#include "ascribo/explain/saved/saved_explanations.h"

#include <utility>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/explain/saved/read_explanation.h"
#include "ascribo/io/line_reader.h"
#include "ascribo/io/npz/read_npz.h"

namespace ascribo {
namespace {

constexpr std::string_view kBlank = " \t\r";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(kBlank) == std::string_view::npos;
}

/// Fetches layer tables that lie in a file beside the explanations.
Explanation complete(Explanation explanation, const std::filesystem::path& folder) {
  if (!explanation.layers) return explanation;
  for (LayerTable& table : *explanation.layers) {
    if (table.file.empty()) continue;
    // A name, not a path: a file of explanations cannot make us read from elsewhere.
    const auto file = folder / std::filesystem::path(table.file).filename();
    table.data = read_npz(file, table.entry, table.shape);
    table.file.clear();
    table.entry.clear();
  }
  return explanation;
}

class Lines : public SavedExplanations {
 public:
  Lines(LineReader reader, std::filesystem::path folder)
      : reader_(std::move(reader)), folder_(std::move(folder)) {}

  std::optional<Explanation> next() override {
    while (reader_.next()) {
      if (is_blank(reader_.line())) continue;
      return complete(read_explanation(Json::parse(reader_.line(), where()), where()), folder_);
    }
    return std::nullopt;
  }

  std::string where() const override {
    return reader_.name() + " line " + std::to_string(reader_.number());
  }

 private:
  LineReader reader_;
  std::filesystem::path folder_;
};

class Array : public SavedExplanations {
 public:
  Array(LineReader& reader, std::filesystem::path folder)
      : name_(reader.name()), folder_(std::move(folder)) {
    std::string text;
    do {
      text += reader.line();
      text += '\n';
    } while (reader.next());
    Json::parse(text, name_).elements([&](const Json& element) { elements_.push_back(element); });
  }

  std::optional<Explanation> next() override {
    if (number_ == elements_.size()) return std::nullopt;
    const Json& element = elements_[number_++];
    return complete(read_explanation(element, where()), folder_);
  }

  std::string where() const override { return name_ + " number " + std::to_string(number_); }

 private:
  std::string name_;
  std::filesystem::path folder_;
  std::vector<Json> elements_;
  std::size_t number_ = 0;
};

}  // namespace

Explanation parse_explanation(std::string_view json, const std::string& where) {
  return read_explanation(Json::parse(json, where), where);
}

std::unique_ptr<SavedExplanations> SavedExplanations::open(const std::filesystem::path& file) {
  LineReader reader(file);
  while (reader.next()) {
    if (is_blank(reader.line())) continue;
    const std::size_t first = reader.line().find_first_not_of(kBlank);
    if (reader.line()[first] == '[') return std::make_unique<Array>(reader, file.parent_path());
    reader.repeat();
    break;
  }
  return std::make_unique<Lines>(std::move(reader), file.parent_path());
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The layouts, and which of its forms a file has.
#include <algorithm>
#include <optional>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/io/data/dataset_choice.h"
#include "ascribo/io/line_reader.h"

namespace ascribo {
namespace {

// One form that a data set is published in; nullptr: it has no such column.
struct Form {
  const char* text;
  const char* pair;
  const char* label;
  const char* id;
};

struct Layout {
  std::string_view name;
  std::vector<Form> named;  // with a header, or fields; the first that fits is taken
  Form numbered;            // without a header
};

const std::vector<Layout>& layouts() {
  static const std::vector<Layout> all = {
      {"sst2",
       {{"sentence", nullptr, "label", "idx"}, {"sentence", nullptr, "label", nullptr}},
       {"0", nullptr, "1", nullptr}},
      {"cola",
       {{"sentence", nullptr, "label", "idx"}, {"sentence", nullptr, "label", nullptr}},
       {"3", nullptr, "1", "0"}},
      {"imdb",
       {{"review", nullptr, "sentiment", nullptr}, {"text", nullptr, "label", nullptr}},
       {"0", nullptr, "1", nullptr}},
      {"yelp",
       {{"text", nullptr, "stars", "review_id"},
        {"text", nullptr, "stars", nullptr},
        {"text", nullptr, "label", nullptr}},
       {"1", nullptr, "0", nullptr}},
      {"ag_news",
       {{"Description", nullptr, "Class Index", nullptr}, {"text", nullptr, "label", nullptr}},
       {"0", nullptr, "1", nullptr}},
      {"rotten_tomatoes", {{"text", nullptr, "label", nullptr}}, {"0", nullptr, "1", nullptr}},
      {"blimp",
       {{"sentence_good", "sentence_bad", nullptr, "UID"},
        {"sentence_good", "sentence_bad", nullptr, nullptr}},
       {"0", "1", nullptr, nullptr}}};
  return all;
}

std::string first_line(const std::filesystem::path& file) {
  LineReader reader(file);
  while (reader.next()) {
    if (!reader.line().empty()) return std::string(reader.line());
  }
  return {};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether the line has a column or field of that name.
bool names(const std::string& line, const char* column) {
  if (column == nullptr) return true;
  const std::string_view wanted = column;
  for (std::size_t at = line.find(wanted); at != std::string::npos;
       at = line.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool begins = at == 0 || line[at - 1] == '\t' || line[at - 1] == ',' ||
                        line[at - 1] == '"' || (at == 3 && !is_word(line[at - 1]));
    const bool ends =
        end == line.size() || line[end] == '\t' || line[end] == ',' || line[end] == '"';
    if (begins && ends) return true;
  }
  return false;
}

bool fits(const Form& form, const std::string& line) {
  return names(line, form.text) && names(line, form.pair) && names(line, form.label) &&
         names(line, form.id);
}

// As the data set was published: sentences alone, and what they say by the file's name.
bool has_polarity_files(const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending == ".pos" || ending == ".neg") return true;
  std::error_code none;
  return !std::filesystem::exists(file, none) &&
         std::filesystem::exists(file.string() + ".pos", none);
}

std::optional<std::string> column(const char* name) {
  return name == nullptr ? std::nullopt : std::optional<std::string>(name);
}

}  // namespace

std::vector<std::string> layout_names() {
  std::vector<std::string> all;
  for (const Layout& layout : layouts()) all.emplace_back(layout.name);
  return all;
}

Columns layout_columns(std::string_view name, const std::filesystem::path& file) {
  const auto layout = std::find_if(layouts().begin(), layouts().end(),
                                   [&](const Layout& each) { return each.name == name; });
  if (layout == layouts().end()) {
    fail(Code::kUnknownName, "layout", "\"" + std::string(name) + "\" is not a layout",
         "expected " + listed(layout_names(), "or"), nearest_hint(name, layout_names()));
  }
  if (layout->name == "rotten_tomatoes" && has_polarity_files(file)) return {};
  const std::string line = first_line(file);
  const auto named = std::find_if(layout->named.begin(), layout->named.end(),
                                  [&](const Form& form) { return fits(form, line); });
  const Form& form = named == layout->named.end() ? layout->numbered : *named;
  return {column(form.text), column(form.pair), column(form.label), column(form.id)};
}

}  // namespace ascribo

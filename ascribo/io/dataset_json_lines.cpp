// SPDX-License-Identifier: MIT
// Data sets with one JSON object per line.
#include <string_view>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/nearest.h"
#include "ascribo/io/dataset_formats.h"

namespace ascribo {

namespace {

class JsonLines : public Dataset {
 public:
  JsonLines(LineReader reader, Columns columns, std::int64_t lines)
      : reader_(std::move(reader)), columns_(std::move(columns)), lines_(lines) {}

  std::optional<DatasetRow> next() override {
    while (reader_.next()) {
      if (reader_.line().find_first_not_of(" \t") == std::string_view::npos) continue;
      require_row_utf8(reader_.line(), reader_.name(), reader_.number());
      try {
        return read(Json::parse(reader_.line(), "dataset"));
      } catch (const Error& error) {
        // Json knows no line; what follows its "[dataset] " is the message.
        const std::string_view message = error.what();
        const std::string place = reader_.name() + " line " + std::to_string(reader_.number());
        if (message.find(place) != std::string_view::npos) throw;
        const std::string_view prefix = "[dataset] ";
        throw Error(error.code(), std::string(prefix) + place + ": " +
                                      std::string(message.substr(prefix.size())));
      }
    }
    return std::nullopt;
  }

  std::int64_t size_hint() const override { return lines_; }

 private:
  DatasetRow read(const Json& json) const {
    if (!json.is_object()) refuse("this is no JSON object", "expected {\"text\": ...}");
    DatasetRow row;
    row.line = reader_.number();
    const auto text = member(json, columns_.text, {"text", "sentence", "sentence1"});
    const auto ids = json.find("input_ids");
    if (text.has_value() == ids.has_value()) refuse_input(json, text.has_value());
    if (text) row.text = text->is_array() ? read_words(*text) : text->string();
    if (ids) row.input_ids = read_ids("input_ids", *ids);
    if (const auto types = json.find("type_ids")) {
      if (!ids) refuse("there are type_ids without input_ids", "expected both, or a text");
      row.type_ids = read_ids("type_ids", *types);
      if (row.type_ids.size() != row.input_ids.size()) {
        refuse("there are " + std::to_string(row.type_ids.size()) + " type_ids for " +
                   std::to_string(row.input_ids.size()) + " input_ids",
               "expected one for each");
      }
    }
    if (const auto more = json.find("continuation")) row.continuation = more->string();
    if (const auto more = json.find("continuation_ids")) {
      row.continuation_ids = read_ids("continuation_ids", *more);
    }
    if (const auto pair = member(json, columns_.pair, {"pair", "sentence2"})) {
      row.pair = pair->string();
    }
    if (const auto spans = json.find("spans")) row.spans = read_spans("dataset", *spans);
    if (const auto marked = json.find("rationale")) row.rationale = read_rationale(*marked);
    row.label = as_text(member(json, columns_.label, {"label"}));
    row.id = as_text(member(json, columns_.id, {"id"}));
    if (const auto target = json.find("target")) {
      if (target->is_array()) {
        target->elements(
            [&](const Json& one) { row.targets.push_back(read_target("target", one)); });
      } else {
        row.targets.push_back(read_target("target", *target));
      }
    }
    if (const auto versus = json.find("versus")) row.versus = read_target("versus", *versus);
    return row;
  }

  /// The field asked for, which must be there; else the first of the usual ones that is.
  std::optional<Json> member(const Json& json, const std::optional<std::string>& chosen,
                             std::initializer_list<std::string_view> usual) const {
    if (chosen) {
      auto found = json.find(*chosen);
      if (!found) {
        refuse("there is no field \"" + *chosen + "\"", "its fields are " + listed(fields(json)));
      }
      return found;
    }
    for (const std::string_view name : usual) {
      if (auto found = json.find(name)) return found;
    }
    return std::nullopt;
  }

  static std::optional<std::string> as_text(const std::optional<Json>& value) {
    if (!value) return std::nullopt;
    return value->is_string() ? std::string(value->string()) : value->dump();
  }

  /// A list of words is a text with single spaces between them.
  std::string read_words(const Json& json) const {
    std::string text;
    json.elements([&](const Json& word) {
      const std::string_view letters = word.string();
      if (letters.empty() || letters.find(' ') != std::string_view::npos) {
        refuse("the text holds " + word.dump(), "expected words without spaces");
      }
      text += (text.empty() ? "" : " ") + std::string(letters);
    });
    return text;
  }

  /// A string is a target as it would be typed; a number is a class index.
  std::string read_target(const std::string& field, const Json& target) const {
    if (target.is_string()) return std::string(target.string());
    if (!target.is_number()) {
      refuse('"' + field + "\" holds " + target.dump(), "expected text or index");
    }
    return "#" + std::to_string(target.integer());
  }

  /// `[[START, END], ...]`, of the text; or spans as "spans" has them.
  std::vector<NamedSpan> read_rationale(const Json& json) const {
    std::vector<NamedSpan> marked;
    json.elements([&](const Json& one) {
      if (!one.is_array()) return;
      if (one.size() != 2) refuse("\"rationale\" holds " + one.dump(), "expected [START, END]");
      NamedSpan span;
      span.start = one.at(std::size_t{0}).integer();
      span.end = one.at(std::size_t{1}).integer();
      if (span.start < 0 || span.end <= span.start) {
        refuse("\"rationale\" holds " + one.dump(), "expected START below END, from 0 on");
      }
      marked.push_back(span);
    });
    return marked.empty() ? read_spans("dataset", json) : marked;
  }

  static std::vector<std::string> fields(const Json& json) {
    std::vector<std::string> names;
    json.members([&](std::string_view name, const Json&) { names.emplace_back(name); });
    return names;
  }

  std::vector<std::int64_t> read_ids(std::string_view name, const Json& json) const {
    std::vector<std::int64_t> ids;
    json.elements([&](const Json& id) { ids.push_back(id.integer()); });
    if (ids.empty()) refuse('"' + std::string(name) + "\" is empty", "expected ids");
    return ids;
  }

  [[noreturn]] void refuse_input(const Json& json, bool has_both) const {
    if (has_both) refuse("there are text and input_ids", "expected one of them");
    const auto names = fields(json);
    refuse("there is no text", "expected a field text, sentence or input_ids",
           names.empty() ? "" : "its fields are " + listed(names) + "; choose with --text-column");
  }

  [[noreturn]] void refuse(std::string_view given, std::string_view expected,
                           std::string_view hint = {}) const {
    fail_row(reader_.name(), reader_.number(), given, expected, hint);
  }

  LineReader reader_;
  Columns columns_;
  std::int64_t lines_;
};

}  // namespace

std::unique_ptr<Dataset> open_json_lines(LineReader reader, const Columns& columns,
                                         std::int64_t lines) {
  return std::make_unique<JsonLines>(std::move(reader), columns, lines);
}

}  // namespace ascribo

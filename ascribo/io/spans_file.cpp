// SPDX-License-Identifier: MIT
// Reads spans.
#include "ascribo/io/spans_file.h"

#include <string_view>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/utf8.h"
#include "ascribo/io/line_reader.h"

namespace ascribo {
namespace {

constexpr const char* kWhere = "spans";
constexpr const char* kForm =
    R"(expected [{"name": "question", "start": 0, "end": 12, "side": "text"}, ...])";

[[noreturn]] void refuse(std::string_view where, const std::string& given,
                         std::string_view expected = kForm) {
  fail(Code::kBadFile, where, given, expected);
}

std::int64_t read_place(std::string_view where, const Json& span, std::string_view key) {
  const auto place = span.find(key);
  if (!place || place->kind() != Json::Kind::kInteger) {
    refuse(where, place ? std::string(key) + " is " + place->dump()
                        : "a span has no " + std::string(key) + ": " + span.dump());
  }
  return place->integer();
}

NamedSpan read_span(std::string_view where, const Json& json) {
  if (!json.is_object()) refuse(where, "a span is " + json.dump());
  json.members([&](std::string_view key, const Json&) {
    for (const char* known : {"name", "start", "end", "side"}) {
      if (key == known) return;
    }
    refuse(where, "a span has a field \"" + std::string(key) + "\"");
  });
  NamedSpan span;
  const auto name = json.find("name");
  if (!name || !name->is_string() || name->string().empty()) {
    refuse(where, "a span has no name: " + json.dump());
  }
  span.name = std::string(name->string());
  span.start = read_place(where, json, "start");
  span.end = read_place(where, json, "end");
  if (const auto side = json.find("side")) {
    const bool is_pair = side->is_string() && side->string() == "pair";
    if (!is_pair && !(side->is_string() && side->string() == "text")) {
      refuse(where, "the side of \"" + span.name + "\" is " + side->dump(),
             "expected \"text\" or \"pair\"");
    }
    span.of_pair = is_pair;
  }
  return span;
}

}  // namespace

std::vector<NamedSpan> read_spans(std::string_view where, const Json& list) {
  if (!list.is_array()) refuse(where, "this is no list of spans");
  std::vector<NamedSpan> spans;
  list.elements([&](const Json& each) { spans.push_back(read_span(where, each)); });
  return spans;
}

std::string SpansFile::name_of(const Entry& entry) {
  return entry.id ? "id \"" + *entry.id + '"' : "row " + std::to_string(entry.row);
}

SpansFile::Entry SpansFile::read_entry(const Json& line) {
  constexpr const char* kLine =
      R"(expected {"id": ..., "spans": [...]} or {"row": N, "spans": [...]})";
  const auto spans = line.is_object() ? line.find("spans") : std::nullopt;
  if (!spans) refuse(kWhere, "the line has no spans", kLine);
  Entry entry;
  const auto id = line.find("id"), row = line.find("row");
  if (id.has_value() == row.has_value()) {
    refuse(kWhere, id ? "the line has both id and row" : "the line has neither id nor row", kLine);
  }
  if (id) entry.id = id->is_string() ? std::string(id->string()) : id->dump();
  if (row) entry.row = row->kind() == Json::Kind::kInteger ? row->integer() : 0;
  if (row && entry.row < 1) refuse(kWhere, "row is " + row->dump(), "expected a number from 1 on");
  entry.spans = read_spans(kWhere, *spans);
  return entry;
}

void SpansFile::add(Entry entry) {
  const std::size_t place = entries_.size();
  const bool is_new =
      entry.id ? by_id_.emplace(*entry.id, place).second : by_row_.emplace(entry.row, place).second;
  if (!is_new) refuse(kWhere, "there are two lines for " + name_of(entry), "expected one");
  entries_.push_back(std::move(entry));
}

SpansFile SpansFile::open(const std::filesystem::path& file) {
  SpansFile result;
  const auto mapped = MappedFile::open(file);
  const std::string_view text = mapped->text();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    require_utf8(text, file.string());
    result.add({{}, 1, read_spans(kWhere, Json::parse(text, file.string()))});
    result.one_list_ = true;
    return result;
  }
  for (LineReader reader(file); reader.next();) {
    if (reader.line().find_first_not_of(" \t") == std::string_view::npos) continue;
    const std::string place = reader.name() + " line " + std::to_string(reader.number());
    require_utf8(reader.line(), place);
    try {
      result.add(read_entry(Json::parse(reader.line(), place)));
    } catch (const Error& error) {
      const std::string_view message = error.what(), prefix = "[spans] ";
      if (!message.starts_with(prefix)) throw;
      throw Error(error.code(),
                  std::string(prefix) + place + ": " + std::string(message.substr(prefix.size())));
    }
  }
  return result;
}

std::vector<NamedSpan> SpansFile::take(std::int64_t row, const std::optional<std::string>& id) {
  const auto with_id = id ? by_id_.find(*id) : by_id_.end();
  const auto with_row = by_row_.find(row);
  if (with_id == by_id_.end() && with_row == by_row_.end()) return {};
  Entry& entry = entries_[with_id != by_id_.end() ? with_id->second : with_row->second];
  entry.taken = true;
  return entry.spans;
}

std::vector<std::string> SpansFile::left() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    if (!entry.taken) names.push_back(name_of(entry));
  }
  return names;
}

}  // namespace ascribo

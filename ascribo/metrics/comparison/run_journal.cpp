// SPDX-License-Identifier: MIT
// Checks that a run goes on with the settings with which it began.
#include "ascribo/metrics/comparison/run_journal.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/json_writer.h"

namespace ascribo {
namespace {

constexpr const char* kSchema = "ascribo.comparison_run/1";

std::string settings_line(const RunSettings& settings) {
  JsonWriter json;
  json.begin_object().key("schema").value(kSchema).key("settings").begin_object();
  for (const auto& [name, value] : settings) json.key(name).value(value);
  json.end_object().end_object();
  return json.str();
}

RunSettings read_settings(const std::string& line, const std::string& where) {
  const Json json = Json::parse(line, where + " line 1");
  if (json.string_or("schema", "") != kSchema) {
    fail(Code::kBadFile, "journal", where + " does not begin with the settings of a run",
         "expected a file that --journal has written");
  }
  RunSettings settings;
  json.at("settings").members([&](std::string_view name, const Json& value) {
    settings.emplace(name, value.string());
  });
  return settings;
}

std::string shown(const RunSettings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? "not given" : "\"" + found->second + "\"";
}

[[noreturn]] void refuse_change(const std::string& name, const RunSettings& before,
                                const RunSettings& now, const std::string& where) {
  fail(Code::kInvalidArgument, "resume",
       name + " is " + shown(now, name) + " and was " + shown(before, name) + " when " + where +
           " was begun",
       "expected the same settings", "begin another --journal for other settings");
}

void check_same(const RunSettings& before, const RunSettings& now, const std::string& where) {
  RunSettings all = before;
  all.insert(now.begin(), now.end());
  for (const auto& [name, unused] : all) {
    if (shown(before, name) != shown(now, name)) refuse_change(name, before, now, where);
  }
}

}  // namespace

RunJournal::RunJournal(const std::filesystem::path& path, bool resume,
                       const RunSettings& settings) {
  if (path.empty()) return;
  if (!resume) {
    file_.emplace(JournalFile::begin(path));
    file_->add(settings_line(settings));
    return;
  }
  const std::vector<std::string> lines = JournalFile::read(path);
  if (lines.empty()) {
    fail(Code::kBadFile, "journal", path.string() + " is empty",
         "expected the settings of a run in its first line");
  }
  check_same(read_settings(lines.front(), path.string()), settings, path.string());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    earlier_.push_back(parse_record(lines[i], path.string() + " line " + std::to_string(i + 1)));
  }
  file_.emplace(JournalFile::go_on(path));
}

void RunJournal::add(const TextRecord& record) {
  if (file_) file_->add(to_line(record));
}

}  // namespace ascribo

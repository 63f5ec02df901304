// SPDX-License-Identifier: MIT
// The journal of a comparison: its settings, then a line for each text.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/io/data/journal_file.h"
#include "ascribo/metrics/comparison/record.h"

namespace ascribo {

/// What a run depends on, by name.
using RunSettings = std::map<std::string, std::string>;

/// Not safe for concurrent use.
class RunJournal {
 public:
  /// Without a path nothing is kept. Errors: those of JournalFile; kBadFile for a file that is no
  /// journal; kInvalidArgument naming the setting that is another now.
  RunJournal(const std::filesystem::path& path, bool resume, const RunSettings& settings);

  /// What an earlier run has done.
  const std::vector<TextRecord>& earlier() const { return earlier_; }
  void add(const TextRecord& record);

 private:
  std::vector<TextRecord> earlier_;
  std::optional<JournalFile> file_;
};

}  // namespace ascribo

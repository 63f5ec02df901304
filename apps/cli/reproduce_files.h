// SPDX-License-Identifier: MIT
// The files of a reproduced study: scores as they are made, and what they come to.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "flags.h"

namespace ascribo::cli {

/// A file RECIPE-METHOD.jsonl for each, and scores.npz with arrays RECIPE-METHOD/N of every text.
/// Files are there after commit().
class StudyWriter {
 public:
  /// Makes the folder.
  explicit StudyWriter(const std::filesystem::path& folder);
  /// `[recipes][methods]` of one text.
  void add(const std::vector<std::vector<Explanation>>& text);
  void commit();
  std::int64_t texts() const { return texts_; }

 private:
  std::vector<std::vector<std::unique_ptr<OutputFile>>> lines_;
  std::unique_ptr<NpzFile> arrays_;
  std::int64_t texts_ = 0;
};

/// Reads such a folder. A text whose line in one of the files cannot be read is left out of all,
/// after `failed` has said whether to go on. Errors: kNotFound naming all files that are missing;
/// kBadFile for files of different lengths; those of SavedExplanations.
std::vector<AltiScores> read_study(const std::filesystem::path& folder,
                                   const std::function<bool(const Error&)>& failed);

/// To every file asked for, `suffix` added to its name, and to standard output.
void write_fidelity(const Arguments& arguments, const AltiFidelity& found, const std::string& axis,
                    const std::string& suffix);

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Files of explanations, as --output and --json write them.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ascribo/base/json_writer.h"
#include "ascribo/explain/explanation.h"

namespace ascribo {

/// Explanations of a file, in order: one JSON object per line, or one array of them. Layer tables
/// that lie in an .npz file are read from the same folder. Not safe for concurrent use.
class SavedExplanations {
 public:
  /// "-" is standard input. Errors: kNotFound, kIo.
  static std::unique_ptr<SavedExplanations> open(const std::filesystem::path& file);
  virtual ~SavedExplanations() = default;

  /// The next one; empty at the end. After an error about a line, the one after it can be asked
  /// for. Errors: kBadFile naming the file and the line or number, kIo.
  virtual std::optional<Explanation> next() = 0;
  /// "results.jsonl line 3": where the one that next() gave stands.
  virtual std::string where() const = 0;
};

/// The explanation that a JSON text holds; `where` names it in errors. Errors: kBadFile.
Explanation parse_explanation(std::string_view json, const std::string& where);

}  // namespace ascribo

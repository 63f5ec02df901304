// SPDX-License-Identifier: MIT
// Masks of texts in a file: one JSON object per line and text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ascribo {

/// The masks of one text; a mask has a character per unit, 1 hidden, 0 kept.
struct MaskRow {
  std::int64_t line = 0;
  std::optional<std::string> text;  ///< where the file says whose masks these are
  std::vector<std::string> masks;
};

/// Reads rows `{"masks": ["0110", ...]}` in order; a mask may also be an array of 0 and 1, and
/// "text" may say which text it is. What else a row holds is left alone, so that explanations with
/// masks can be read as well. Errors: kNotFound, kBadFile naming file and line.
class MaskFile {
 public:
  static std::unique_ptr<MaskFile> open(const std::filesystem::path& file);
  virtual ~MaskFile() = default;
  /// The next row, or nothing at the end.
  virtual std::optional<MaskRow> next() = 0;
};

/// One line of such a file, its end included.
std::string mask_line(const std::string& text, const std::string& unit,
                      const std::vector<std::string>& masks);

}  // namespace ascribo

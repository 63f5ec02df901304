// SPDX-License-Identifier: MIT
// Tables as text: rows of cells, separated by tabs or by commas.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/io/dataset_formats.h"
#include "ascribo/io/line_reader.h"

namespace ascribo {

struct Record {
  std::int64_t line = 0;  ///< where the row begins
  std::vector<std::string> cells;
};

/// Tabs: no quoting, a row is a line. Commas: RFC 4180, where quoted cells may hold commas, quotes
/// (doubled) and line ends. Empty lines are skipped. Not safe for concurrent use.
class RecordReader {
 public:
  static std::unique_ptr<RecordReader> make(LineReader reader, TableSyntax syntax);
  virtual ~RecordReader() = default;
  /// The next row, or nothing at the end. Errors: kBadFile for a row whose quotes or bytes are
  /// wrong; the next call goes on behind it.
  virtual std::optional<Record> next() = 0;
  virtual const std::string& name() const = 0;
};

}  // namespace ascribo

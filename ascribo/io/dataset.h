// SPDX-License-Identifier: MIT
// Rows of texts from tsv, csv, jsonl and txt files, one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/io/spans_file.h"

namespace ascribo {

/// Which columns hold what. Unset: `text` or `sentence` (or the only column), `label`, `id`, and
/// for the pair `pair` or `sentence2`, where a header names them. A number picks a column by
/// position from 0 in a file without header.
struct Columns {
  std::optional<std::string> text = {}, pair = {}, label = {}, id = {};
};

struct DatasetRow {
  std::int64_t line = 0;  ///< 1-based line of the file where the row begins
  std::string text;
  std::optional<std::string> pair, label, id;
  std::vector<std::int64_t> input_ids;         ///< jsonl only; empty when the row has text
  std::vector<std::int64_t> type_ids;          ///< jsonl only, of input_ids; may be empty
  std::optional<std::string> continuation;     ///< jsonl only
  std::vector<std::int64_t> continuation_ids;  ///< jsonl only
  std::vector<std::string> targets;            ///< jsonl only
  std::optional<std::string> versus;           ///< jsonl only: what they are compared with
  std::vector<NamedSpan> spans;                ///< jsonl only
  std::vector<NamedSpan> rationale;            ///< jsonl only: what people marked
};

/// Reads rows in order. Lines of a .pos file have the label 1, of a .neg file 0; NAME without
/// either stands for NAME.pos and NAME.neg, line by line in turn. A .json file has SQuAD's layout.
/// "-" is standard input, read as txt lines unless the first line is a JSON object. Errors:
/// kNotFound, kBadFile naming file and line.
class Dataset {
 public:
  static std::unique_ptr<Dataset> open(const std::filesystem::path& file, const Columns& columns);
  virtual ~Dataset() = default;
  /// The next row, or nothing at the end. After an Error the next call goes on with the next row.
  virtual std::optional<DatasetRow> next() = 0;
  /// Rows in the file if that is cheap to know (a quick count of lines), else -1; for progress.
  virtual std::int64_t size_hint() const = 0;
};

}  // namespace ascribo

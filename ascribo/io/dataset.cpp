// SPDX-License-Identifier: MIT
// Chooses the reader for a data set; plain text lines are read here.
#include "ascribo/io/dataset.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/io/dataset_formats.h"

namespace ascribo {

namespace fs = std::filesystem;

namespace {

class TextLines : public Dataset {
 public:
  TextLines(LineReader reader, std::int64_t lines, std::optional<std::string> label = {})
      : reader_(std::move(reader)), lines_(lines), label_(std::move(label)) {}

  std::optional<DatasetRow> next() override {
    while (reader_.next()) {
      if (reader_.line().empty()) continue;
      require_row_utf8(reader_.line(), reader_.name(), reader_.number());
      DatasetRow row;
      row.line = reader_.number();
      row.text = reader_.line();
      row.label = label_;
      return row;
    }
    return std::nullopt;
  }

  std::int64_t size_hint() const override { return lines_; }

 private:
  LineReader reader_;
  std::int64_t lines_;
  std::optional<std::string> label_;  ///< of every line
};

/// Two data sets in turn, until both end.
class InTurn : public Dataset {
 public:
  InTurn(std::unique_ptr<Dataset> first, std::unique_ptr<Dataset> second)
      : sets_{std::move(first), std::move(second)} {}

  std::optional<DatasetRow> next() override {
    for (int tries = 0; tries < 2; ++tries) {
      Dataset& set = *sets_[turn_];
      turn_ = 1 - turn_;
      if (std::optional<DatasetRow> row = set.next()) return row;
    }
    return std::nullopt;
  }

  std::int64_t size_hint() const override { return sets_[0]->size_hint() + sets_[1]->size_hint(); }

 private:
  std::array<std::unique_ptr<Dataset>, 2> sets_;
  std::size_t turn_ = 0;
};

std::string lower_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return extension;
}

/// Whether the first line that is not empty begins a JSON object. Stays at that line.
bool begins_with_object(LineReader& reader) {
  while (reader.next()) {
    if (reader.line().empty()) continue;
    reader.repeat();
    constexpr std::string_view kSpace = " \t";
    std::string_view line = reader.line();
    line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
    if (!line.starts_with('{')) return false;
    const std::size_t inside = line.find_first_not_of(kSpace, 1);
    return inside != std::string_view::npos && (line[inside] == '"' || line[inside] == '}');
  }
  return false;
}

/// `file` with the extension, which is added to what it has.
fs::path with_ending(const fs::path& file, const char* ending) {
  return file.parent_path() / (file.filename().string() + ending);
}

}  // namespace

std::unique_ptr<Dataset> open_text_lines(LineReader reader, const Columns& columns,
                                         std::int64_t lines) {
  for (const auto& column : {columns.text, columns.pair, columns.label, columns.id}) {
    if (!column) continue;
    fail(Code::kInvalidArgument, "dataset",
         "column \"" + *column + "\" is asked for, but " + reader.name() + " is plain text",
         "expected a tsv, csv or jsonl file where columns are chosen");
  }
  return std::make_unique<TextLines>(std::move(reader), lines);
}

std::unique_ptr<Dataset> Dataset::open(const fs::path& file, const Columns& columns) {
  std::error_code none;
  if (!fs::exists(file, none) && fs::exists(with_ending(file, ".pos"), none) &&
      fs::exists(with_ending(file, ".neg"), none)) {
    return std::make_unique<InTurn>(open(with_ending(file, ".pos"), columns),
                                    open(with_ending(file, ".neg"), columns));
  }
  LineReader reader(file);
  const std::int64_t lines = reader.is_stdin() ? -1 : count_lines(file);
  const std::string extension = lower_extension(file);
  if (extension == ".tsv" || extension == ".tab") {
    return open_table(std::move(reader), TableSyntax::kTabs, columns, lines);
  }
  if (extension == ".csv") {
    return open_table(std::move(reader), TableSyntax::kCommas, columns, lines);
  }
  if (extension == ".jsonl" || extension == ".ndjson") {
    return open_json_lines(std::move(reader), columns, lines);
  }
  if (extension == ".json") return open_squad(file, columns);
  if (extension == ".txt") return open_text_lines(std::move(reader), columns, lines);
  if (extension == ".pos" || extension == ".neg") {
    return std::make_unique<TextLines>(std::move(reader), lines, extension == ".pos" ? "1" : "0");
  }
  std::error_code ignored;
  if (!reader.is_stdin() && fs::is_regular_file(file, ignored)) {
    fail(Code::kUnsupported, "dataset",
         file.string() + (extension.empty() ? " has no extension" : " is a " + extension + " file"),
         "expected .tsv, .csv, .jsonl, .txt, or .json of SQuAD");
  }
  if (begins_with_object(reader)) return open_json_lines(std::move(reader), columns, lines);
  return open_text_lines(std::move(reader), columns, lines);
}

void fail_row(const std::string& file, std::int64_t line, std::string_view given,
              std::string_view expected, std::string_view hint) {
  fail(Code::kBadFile, "dataset",
       file + " line " + std::to_string(line) + ": " + std::string(given), expected, hint);
}

void require_row_utf8(std::string_view text, const std::string& file, std::int64_t line) {
  if (find_invalid_utf8(text)) {
    fail_row(file, line, "this is not valid UTF-8", "expected UTF-8 text",
             "convert the file, e.g. with iconv -t UTF-8");
  }
}

}  // namespace ascribo

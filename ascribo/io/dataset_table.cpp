// SPDX-License-Identifier: MIT
// Data sets in tsv and csv files: which column is what.
#include <algorithm>
#include <charconv>
#include <deque>
#include <exception>
#include <string_view>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/io/dataset_formats.h"
#include "ascribo/io/record_reader.h"

namespace ascribo {

namespace {

using Names = std::vector<std::string>;

const Names& text_names() {
  static const Names kNames = {"text", "sentence", "sentence1"};
  return kNames;
}
const Names& pair_names() {
  static const Names kNames = {"pair", "sentence2"};
  return kNames;
}

std::optional<std::size_t> as_number(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string count_of(std::size_t columns) {
  return std::to_string(columns) + (columns == 1 ? " column" : " columns");
}

/// Finds columns in the first row.
class Header {
 public:
  Header(std::string file, const Names& first, const Columns& chosen)
      : file_(std::move(file)), first_(first) {
    Names known = text_names();
    known.insert(known.end(), pair_names().begin(), pair_names().end());
    known.insert(known.end(), {"label", "id"});
    for (const auto& name : {chosen.text, chosen.pair, chosen.label, chosen.id}) {
      if (name && !as_number(*name)) known.push_back(*name);  // "0" may well be a cell's value
    }
    present_ = std::any_of(known.begin(), known.end(),
                           [&](const std::string& name) { return position(name).has_value(); });
  }

  bool present() const { return present_; }

  std::optional<std::size_t> find(const std::optional<std::string>& chosen,
                                  const Names& usual) const {
    if (chosen) return find_chosen(*chosen);
    if (!present_) return std::nullopt;
    for (const std::string& name : usual) {
      if (const auto at = position(name)) return at;
    }
    return std::nullopt;
  }

  std::size_t find_text(const std::optional<std::string>& chosen) const {
    if (const auto at = find(chosen, text_names())) return *at;
    if (first_.size() == 1) return 0;
    fail(Code::kUnknownName, "dataset",
         file_ + (present_ ? " has the columns " + listed(first_)
                           : " has " + count_of(first_.size()) + " and no known names above them"),
         "expected one called text or sentence",
         present_ ? "choose one with --text-column NAME"
                  : "choose one with --text-column, by name or by number from 0");
  }

 private:
  std::optional<std::size_t> position(std::string_view name) const {
    const auto found = std::find(first_.begin(), first_.end(), name);
    if (found == first_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - first_.begin());
  }

  std::size_t find_chosen(const std::string& chosen) const {
    if (present_) {
      if (const auto at = position(chosen)) return *at;
    }
    if (const auto number = as_number(chosen)) {
      if (*number < first_.size()) return *number;
      fail(Code::kUnknownName, "dataset", file_ + " has no column " + chosen,
           "expected a number below " + std::to_string(first_.size()));
    }
    fail(Code::kUnknownName, "dataset", file_ + " has no column \"" + chosen + "\"",
         "its columns are " + listed(first_), nearest_hint(chosen, first_));
  }

  std::string file_;
  const Names& first_;
  bool present_ = false;
};

class Table : public Dataset {
 public:
  Table(std::unique_ptr<RecordReader> records, const Columns& columns, std::int64_t lines)
      : records_(std::move(records)), lines_(lines) {
    read_first(columns);
  }

  std::optional<DatasetRow> next() override {
    if (!early_errors_.empty()) {
      const std::exception_ptr error = early_errors_.front();
      early_errors_.pop_front();
      std::rethrow_exception(error);
    }
    auto record = first_ ? std::exchange(first_, std::nullopt) : records_->next();
    if (!record) return std::nullopt;
    check_width(*record);
    DatasetRow row;
    row.line = record->line;
    const auto take = [&](const std::optional<std::size_t>& column) {
      return column ? std::optional(record->cells[*column]) : std::nullopt;
    };
    row.text = *take(text_);
    row.pair = take(pair_);
    row.label = take(label_);
    row.id = take(id_);
    return row;
  }

  std::int64_t size_hint() const override {
    return lines_ < 0 ? lines_ : lines_ - (has_header_ ? 1 : 0);
  }

 private:
  // A row that cannot be read is reported by next(), also when it comes before the first good one.
  void read_first(const Columns& columns) {
    for (bool found = false; !found;) {
      try {
        first_ = records_->next();
        found = true;
      } catch (const Error& error) {
        if (error.code() != Code::kBadFile) throw;
        early_errors_.push_back(std::current_exception());
      }
    }
    if (!first_) return;
    try {
      choose(Header(records_->name(), first_->cells, columns), columns);
    } catch (const Error&) {
      if (early_errors_.empty()) throw;
      std::rethrow_exception(early_errors_.front());  // the row with the names may be that one
    }
    width_ = first_->cells.size();
    if (has_header_) first_.reset();
  }

  void choose(const Header& header, const Columns& columns) {
    has_header_ = header.present();
    text_ = header.find_text(columns.text);
    pair_ = header.find(columns.pair, pair_names());
    label_ = header.find(columns.label, {"label"});
    id_ = header.find(columns.id, {"id"});
    for (const auto& column : {text_, pair_, label_, id_}) {
      if (column) needed_ = std::max(needed_, *column + 1);
    }
  }

  /// Cells behind the ones needed may be absent; more than the first row has would mean that a
  /// separator stands in a text, which would then be cut.
  void check_width(const Record& record) const {
    const std::size_t cells = record.cells.size();
    if (cells >= needed_ && cells <= width_) return;
    fail_row(records_->name(), record.line, count_of(cells),
             "expected " + std::to_string(width_) +
                 (has_header_ ? " as in the header" : " as in the first row"));
  }

  std::unique_ptr<RecordReader> records_;
  std::int64_t lines_;
  std::optional<Record> first_;  // read to look for a header, not yet given out
  std::deque<std::exception_ptr> early_errors_;
  bool has_header_ = false;
  std::optional<std::size_t> text_, pair_, label_, id_;
  std::size_t needed_ = 0, width_ = 0;
};

}  // namespace

std::unique_ptr<Dataset> open_table(LineReader reader, TableSyntax syntax, const Columns& columns,
                                    std::int64_t lines) {
  return std::make_unique<Table>(RecordReader::make(std::move(reader), syntax), columns, lines);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Splits lines at tabs, and lets libcsv split at commas.
#include "ascribo/io/record_reader.h"

#include <csv.h>

#include <deque>
#include <new>
#include <string_view>
#include <utility>

namespace ascribo {

namespace {

class TabRecords : public RecordReader {
 public:
  explicit TabRecords(LineReader reader) : reader_(std::move(reader)) {}

  std::optional<Record> next() override {
    while (reader_.next()) {
      std::string_view rest = reader_.line();
      if (rest.empty()) continue;
      require_row_utf8(rest, reader_.name(), reader_.number());
      Record record{reader_.number(), {}};
      for (std::size_t tab = rest.find('\t'); tab != std::string_view::npos;
           tab = rest.find('\t')) {
        record.cells.emplace_back(rest.substr(0, tab));
        rest.remove_prefix(tab + 1);
      }
      record.cells.emplace_back(rest);
      return record;
    }
    return std::nullopt;
  }

  const std::string& name() const override { return reader_.name(); }

 private:
  LineReader reader_;
};

class CommaRecords : public RecordReader {
 public:
  explicit CommaRecords(LineReader reader) : reader_(std::move(reader)) { start(); }
  ~CommaRecords() override { csv_free(&parser_); }
  CommaRecords(const CommaRecords&) = delete;
  CommaRecords& operator=(const CommaRecords&) = delete;

  std::optional<Record> next() override {
    while (done_.empty()) {
      if (!reader_.next()) {
        finish();
        break;
      }
      if (!inside_) {
        if (reader_.line().empty()) continue;
        begin_ = reader_.number();
      }
      inside_ = true;  // until a row is complete
      const std::string_view raw = reader_.raw();
      if (csv_parse(&parser_, raw.data(), raw.size(), on_cell, on_row, this) != raw.size()) {
        refuse("a quote stands in an unquoted cell or behind a quoted one");
      }
    }
    if (done_.empty()) return std::nullopt;
    Record record = std::move(done_.front());
    done_.pop_front();
    for (const std::string& cell : record.cells) {
      require_row_utf8(cell, reader_.name(), record.line);
    }
    return record;
  }

  const std::string& name() const override { return reader_.name(); }

 private:
  void start() {
    constexpr auto kStrict = CSV_STRICT | CSV_STRICT_FINI;
    if (csv_init(&parser_, kStrict) != 0) throw std::bad_alloc();
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });  // blanks belong to the cell
  }

  void finish() {
    if (!inside_) return;
    if (csv_fini(&parser_, on_cell, on_row, this) != 0) refuse("a quoted cell has no end");
    inside_ = false;
  }

  [[noreturn]] void refuse(std::string_view what) {
    csv_free(&parser_);
    start();
    cells_.clear();
    inside_ = false;
    fail_row(reader_.name(), begin_, what, "expected quotes as RFC 4180 has them",
             "put the whole cell in quotes and double the quotes in it");
  }

  static void on_cell(void* bytes, std::size_t size, void* self) {
    static_cast<CommaRecords*>(self)->cells_.emplace_back(static_cast<const char*>(bytes), size);
  }

  static void on_row(int, void* self) {
    auto& reader = *static_cast<CommaRecords*>(self);
    reader.done_.push_back({reader.begin_, std::move(reader.cells_)});
    reader.cells_.clear();
    reader.inside_ = false;
  }

  LineReader reader_;
  csv_parser parser_{};
  std::vector<std::string> cells_;  // of the row that is being read
  std::deque<Record> done_;         // a bare carriage return ends a row, so a line may hold several
  std::int64_t begin_ = 0;
  bool inside_ = false;
};

}  // namespace

std::unique_ptr<RecordReader> RecordReader::make(LineReader reader, TableSyntax syntax) {
  if (syntax == TableSyntax::kTabs) return std::make_unique<TabRecords>(std::move(reader));
  return std::make_unique<CommaRecords>(std::move(reader));
}

}  // namespace ascribo

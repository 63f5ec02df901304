// SPDX-License-Identifier: MIT
// Named stretches of texts, from a file or from a data set's rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

class Json;

/// A stretch of a text, or of its pair, in Unicode code points, end exclusive.
struct NamedSpan {
  std::string name;
  bool of_pair = false;
  std::int64_t start = 0, end = 0;
};

/// Reads `[{"name": "question", "start": 0, "end": 12, "side": "text"}, ...]`; the side may be left
/// out. Whether they lie in a text is not looked at. Errors: kBadFile, "[where] " and what is
/// wrong.
std::vector<NamedSpan> read_spans(std::string_view where, const Json& list);

/// A file of spans: one list for one text, or a line `{"id": ..., "spans": [...]}` or
/// `{"row": N, "spans": [...]}` for each text of a data set, rows counted from 1.
class SpansFile {
 public:
  /// Errors: kNotFound, kBadFile naming file and line.
  static SpansFile open(const std::filesystem::path& file);

  /// Whether the file has one list, which belongs to a single text.
  bool is_one_list() const { return one_list_; }
  /// The spans of the text with this id, or else of the row with this number; empty when there are
  /// none.
  std::vector<NamedSpan> take(std::int64_t row, const std::optional<std::string>& id);
  /// "id \"a\"", "row 7": what no text was found for, in the order of the file.
  std::vector<std::string> left() const;

 private:
  struct Entry {
    std::optional<std::string> id;
    std::int64_t row = 0;
    std::vector<NamedSpan> spans;
    bool taken = false;
  };

  static Entry read_entry(const Json& line);
  static std::string name_of(const Entry& entry);
  void add(Entry entry);

  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> by_id_;  // to entries_
  std::map<std::int64_t, std::size_t> by_row_;
  bool one_list_ = false;
};

}  // namespace ascribo

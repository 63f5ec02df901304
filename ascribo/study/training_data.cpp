// SPDX-License-Identifier: MIT
// Reads, names and tokenizes rows.
#include "ascribo/study/training_data.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/explain/inputs/sequence.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

std::string place(const fs::path& file, const DatasetRow& row) {
  return file.string() + " line " + std::to_string(row.line);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::size_t first = begin, last = end;
    while (first < last && text[first] == ' ') ++first;
    while (last > first && text[last - 1] == ' ') --last;
    if (last > first) parts.push_back(text.substr(first, last - first));
    begin = end + 1;
  }
  return parts;
}

std::optional<float> parse_number(const std::string& text) {
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = end == text.data() + text.size() && error == std::errc();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

LabelledRow labelled(DatasetRow row, const fs::path& file, Objective objective) {
  const std::string where = place(file, row);
  if (row.text.empty() && row.input_ids.empty()) {
    fail(Code::kBadFile, where, "the text is empty", "expected a text to learn from");
  }
  LabelledRow found{std::move(row), {}};
  if (objective == Objective::kNextToken) return found;
  const std::optional<std::string>& label = found.row.label;
  if (!label || (label->empty() && objective != Objective::kLabels)) {
    fail(Code::kBadFile, where, "the row has no label", "expected one in the column label",
         "--label-column names another");
  }
  found.labels = objective == Objective::kLabels ? split(*label) : std::vector{*label};
  if (objective == Objective::kNumber && !parse_number(*label)) {
    fail(Code::kBadFile, where, "the label is \"" + *label + "\"", "expected a number");
  }
  return found;
}

bool all_numbers(const std::set<std::string>& names) {
  return std::all_of(names.begin(), names.end(),
                     [](const std::string& name) { return parse_integer(name).has_value(); });
}

}  // namespace

std::vector<LabelledRow> read_labelled_rows(const fs::path& file, const Columns& columns,
                                            Objective objective) {
  const std::unique_ptr<Dataset> dataset = Dataset::open(file, columns);
  std::vector<LabelledRow> rows;
  while (std::optional<DatasetRow> row = dataset->next()) {
    rows.push_back(labelled(std::move(*row), file, objective));
  }
  if (rows.empty()) fail(Code::kBadFile, file.string(), "it has no rows", "expected texts");
  return rows;
}

std::vector<std::string> label_names(const std::vector<LabelledRow>& rows, const fs::path& file,
                                     Objective objective,
                                     const std::vector<std::string>& published) {
  if (objective == Objective::kNumber) return {"score"};
  if (objective == Objective::kNextToken) return {};
  std::set<std::string> found;
  for (const LabelledRow& row : rows) found.insert(row.labels.begin(), row.labels.end());
  if (found.size() < 2 && objective == Objective::kLabel) {
    fail(Code::kBadFile, file.string(), "every row has the label \"" + *found.begin() + "\"",
         "expected at least two labels");
  }
  if (found.empty()) fail(Code::kBadFile, file.string(), "no row has a label", "expected some");
  if (std::set<std::string>(published.begin(), published.end()) == found) return published;
  std::vector<std::string> names(found.begin(), found.end());
  if (all_numbers(found)) {
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
      return *parse_integer(a) < *parse_integer(b);
    });
    // 0, 1, ... are the numbers of outputs, which the checkpoint may have names for.
    const bool from_zero = names.front() == "0" && names.back() == std::to_string(names.size() - 1);
    if (from_zero && published.size() == names.size()) return published;
    for (std::string& name : names) {
      if (from_zero) name = "LABEL_" + name;
    }
  }
  return names;
}

Sequence ExampleMaker::read(const DatasetRow& row, std::int64_t& prompt) {
  Sequence sequence;
  if (row.input_ids.empty()) {
    if (tokenizer == nullptr) {
      fail(Code::kUnsupported, "train", "a text is given, but the model has no tokenizer",
           "expected rows with input_ids, or a folder with tokenizer files");
    }
    std::optional<std::string_view> pair;
    if (row.pair) pair = *row.pair;
    Encoding encoding = tokenizer->encode(row.text, pair);
    if (objective != Objective::kNextToken && !truncate(encoding, longest).empty()) ++cut;
    sequence = to_sequence(encoding, model);
    if (!use_type_ids) sequence.type_ids.assign(sequence.ids.size(), 0);
  } else {
    sequence.ids = row.input_ids;
  }
  prompt = static_cast<std::int64_t>(sequence.ids.size());
  if (objective != Objective::kNextToken && !row.input_ids.empty() && prompt > longest) {
    sequence.ids.resize(static_cast<std::size_t>(longest));
    ++cut;
  }
  return sequence;
}

Example ExampleMaker::make(const LabelledRow& labelled_row) {
  const DatasetRow& row = labelled_row.row;
  Example example;
  std::int64_t prompt = 0;
  example.sequence = read(row, prompt);
  std::vector<std::int64_t>& ids = example.sequence.ids;
  if (objective == Objective::kNextToken) {
    std::vector<std::int64_t> rest = row.continuation_ids;
    if (row.continuation && tokenizer != nullptr) {
      rest = tokenizer->encode(*row.continuation, {}, false).ids;
    }
    ids.insert(ids.end(), rest.begin(), rest.end());
    // Without a continuation every token but the first is learned.
    const std::int64_t first = rest.empty() ? 1 : prompt;
    if (static_cast<std::int64_t>(ids.size()) > longest) {
      ids.resize(static_cast<std::size_t>(longest));
      ++cut;
    }
    for (std::int64_t i = first; i < static_cast<std::int64_t>(ids.size()); ++i) {
      example.sequence.reads.push_back(i - 1);
      example.labels.push_back(ids[static_cast<std::size_t>(i)]);
    }
  }
  example.sequence.positions = number_positions(ids, model);
  example.sequence.type_ids.resize(ids.size(), 0);
  const auto number_of = [&](const std::string& name) -> std::int64_t {
    const auto found = std::find(labels.begin(), labels.end(), name);
    if (found != labels.end()) return found - labels.begin();
    const auto number = parse_integer(name);
    const auto count = static_cast<std::int64_t>(labels.size());
    if (number && *number >= 0 && *number < count) return *number;
    fail(Code::kBadFile, "label", "\"" + name + "\"",
         "expected " + listed(labels, "or") + ", the labels of the rows to learn from",
         nearest_hint(name, labels));
  };
  if (objective == Objective::kLabel) example.labels = {number_of(labelled_row.labels.front())};
  if (objective == Objective::kNumber) {
    example.values = {parse_number(labelled_row.labels.front()).value_or(0)};
  }
  if (objective == Objective::kLabels) {
    example.values.assign(labels.size(), 0);
    for (const std::string& name : labelled_row.labels) {
      example.values[static_cast<std::size_t>(number_of(name))] = 1;
    }
  }
  return example;
}

std::vector<Example> ExampleMaker::make(const std::vector<LabelledRow>& rows,
                                        const fs::path& file) {
  std::vector<Example> examples;
  for (const LabelledRow& row : rows) {
    try {
      Example example = make(row);
      if (objective == Objective::kNextToken && example.labels.empty()) continue;  // one token
      examples.push_back(std::move(example));
    } catch (const Error& error) {
      throw Error(error.code(), place(file, row.row) + ": " + error.what());
    }
  }
  return examples;
}

}  // namespace ascribo

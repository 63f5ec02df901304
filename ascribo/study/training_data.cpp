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
#include "ascribo/study/row_answers.h"
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

std::vector<std::string> labels_in(const std::string& label, Objective objective,
                                   const std::string& where) {
  if (objective == Objective::kLabels || objective == Objective::kWord) return split(label);
  if (objective != Objective::kTags) return {label};
  try {
    return parse_tags(label);
  } catch (const Error& error) {
    throw Error(error.code(), where + ": " + error.what());
  }
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
  if (objective == Objective::kAnswer && !found.row.pair) {
    fail(Code::kBadFile, where, "the row has no context", "expected one in the column context",
         "--pair-column names another");
  }
  found.labels = labels_in(*label, objective, where);
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

Columns usual_columns(Columns columns, Objective objective) {
  const auto usual = [](std::optional<std::string>& column, const char* name) {
    if (!column) column = name;
  };
  if (objective == Objective::kTags) {
    usual(columns.text, "tokens");
    usual(columns.label, "tags");
  } else if (objective == Objective::kAnswer) {
    usual(columns.text, "question");
    usual(columns.pair, "context");
    usual(columns.label, "answers");
  }
  return columns;
}

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
  if (objective != Objective::kLabel && objective != Objective::kLabels &&
      objective != Objective::kTags) {
    return {};
  }
  std::set<std::string> found;
  for (const LabelledRow& row : rows) found.insert(row.labels.begin(), row.labels.end());
  if (found.size() < 2 && objective != Objective::kLabels) {
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
      if (from_zero) name.insert(0, "LABEL_");
    }
  }
  return names;
}

Encoding ExampleMaker::encode(const DatasetRow& row) {
  if (tokenizer == nullptr) {
    fail(Code::kUnsupported, "train", "a text is given, but the model has no tokenizer",
         "expected rows with input_ids, or a folder with tokenizer files");
  }
  std::optional<std::string_view> pair;
  if (row.pair) pair = *row.pair;
  Encoding encoding = tokenizer->encode(row.text, pair);
  if (objective != Objective::kNextToken && !truncate(encoding, longest).empty()) ++cut;
  return encoding;
}

Sequence ExampleMaker::read(const DatasetRow& row, std::int64_t& prompt) {
  Sequence sequence;
  if (row.input_ids.empty()) {
    sequence = to_sequence(encode(row), model);
  } else {
    sequence.ids = row.input_ids;
    sequence.type_ids = row.type_ids;
  }
  prompt = sequence.size();
  if (objective != Objective::kNextToken && !row.input_ids.empty() && prompt > longest) {
    sequence.ids.resize(static_cast<std::size_t>(longest));
    ++cut;
  }
  return sequence;
}

std::int64_t ExampleMaker::number_of(const std::string& label) const {
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found != labels.end()) return found - labels.begin();
  const auto number = parse_integer(label);
  const auto count = static_cast<std::int64_t>(labels.size());
  if (number && *number >= 0 && *number < count) return *number;
  fail(Code::kBadFile, "label", "\"" + label + "\"",
       "expected " + listed(labels, "or") + ", the labels of the rows to learn from",
       nearest_hint(label, labels));
}

void ExampleMaker::make_next_token(const DatasetRow& row, Example& example) {
  std::int64_t prompt = 0;
  example.sequence = read(row, prompt);
  std::vector<std::int64_t>& ids = example.sequence.ids;
  std::vector<std::int64_t> rest = row.continuation_ids;
  if (row.continuation && tokenizer != nullptr) {
    rest = tokenizer->encode(*row.continuation, {}, false).ids;
  }
  ids.insert(ids.end(), rest.begin(), rest.end());
  // Without a continuation every token but the first is learned.
  const std::int64_t first = rest.empty() ? 1 : prompt;
  if (example.sequence.size() > longest) {
    ids.resize(static_cast<std::size_t>(longest));
    ++cut;
  }
  for (std::int64_t i = first; i < example.sequence.size(); ++i) {
    example.sequence.reads.push_back(i - 1);
    example.labels.push_back(ids[static_cast<std::size_t>(i)]);
  }
}

// What tokens are asked about; false when none is left.
bool ExampleMaker::make_asked(const LabelledRow& row, Example& example) {
  const Encoding encoding = encode(row.row);
  example.sequence = to_sequence(encoding, model);
  if (objective == Objective::kAnswer) {
    const bool asked = ask_answer(encoding, row.row.pair.value_or(""), row.labels.front(), example);
    if (!judged) example.texts = nullptr;
    return asked;
  }
  if (objective == Objective::kWord) {
    ask_mask(encoding, row.labels, *tokenizer, example);
  } else {
    std::vector<std::int64_t> tags;
    for (const std::string& label : row.labels) tags.push_back(number_of(label));
    ask_words(encoding, row.row.text, tags, example);
  }
  return !example.labels.empty();
}

bool ExampleMaker::make(const LabelledRow& row, Example& example) {
  std::int64_t prompt = 0;
  switch (objective) {
    case Objective::kNextToken: make_next_token(row.row, example); break;
    case Objective::kTags:
    case Objective::kAnswer:
    case Objective::kWord:
      if (make_asked(row, example)) break;
      ++lost;
      return false;
    case Objective::kLabel:
      example.sequence = read(row.row, prompt);
      example.labels = {number_of(row.labels.front())};
      break;
    case Objective::kNumber:
      example.sequence = read(row.row, prompt);
      example.values = {parse_number(row.labels.front()).value_or(0)};
      break;
    case Objective::kLabels:
      example.sequence = read(row.row, prompt);
      example.values.assign(labels.size(), 0);
      for (const std::string& label : row.labels) {
        example.values[static_cast<std::size_t>(number_of(label))] = 1;
      }
  }
  Sequence& sequence = example.sequence;
  sequence.positions = number_positions(sequence.ids, model);
  if (!use_type_ids && row.row.type_ids.empty()) sequence.type_ids.clear();
  sequence.type_ids.resize(sequence.ids.size(), 0);
  return objective != Objective::kNextToken || !example.labels.empty();  // more than one token
}

std::vector<Example> ExampleMaker::make(const std::vector<LabelledRow>& rows,
                                        const fs::path& file) {
  std::vector<Example> examples;
  for (const LabelledRow& row : rows) {
    try {
      Example example;
      if (!make(row, example)) continue;
      if (!examples.empty() && objective == Objective::kWord &&
          examples.front().choices.empty() != example.choices.empty()) {
        fail(Code::kBadFile, "label", "some rows name one word, some several",
             "expected the same of all");
      }
      examples.push_back(std::move(example));
    } catch (const Error& error) {
      throw Error(error.code(), place(file, row.row) + ": " + error.what());
    }
  }
  if (examples.empty() && !rows.empty()) {
    fail(Code::kBadFile, file.string(), "no row has anything to learn", "expected some that do");
  }
  return examples;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Texts from arguments and from data sets.
#include "input_source.h"

#include <charconv>

namespace ascribo::cli {
namespace {

class GivenInputs : public InputSource {
 public:
  explicit GivenInputs(std::vector<Input> inputs) : inputs_(std::move(inputs)) {}

  std::optional<Input> next() override {
    if (next_ == inputs_.size()) return std::nullopt;
    return std::move(inputs_[next_++]);
  }
  std::string where() const override {
    return inputs_.size() < 2 ? "" : "text " + std::to_string(next_);
  }
  std::int64_t size_hint() const override { return static_cast<std::int64_t>(inputs_.size()); }

 private:
  std::vector<Input> inputs_;
  std::size_t next_ = 0;
};

class DatasetInputs : public InputSource {
 public:
  DatasetInputs(const std::string& file, const Columns& columns, const DatasetPart& part)
      : name_(file == "-" ? "standard input" : file),
        dataset_(part_of(Dataset::open(file, columns), part)) {}

  std::optional<Input> next() override {
    std::optional<DatasetRow> row = dataset_->next();
    if (!row) return std::nullopt;
    line_ = row->line;
    Input input;
    input.text = std::move(row->text);
    input.pair = std::move(row->pair);
    input.id = std::move(row->id);
    input.label = std::move(row->label);
    input.input_ids = std::move(row->input_ids);
    input.type_ids = std::move(row->type_ids);
    input.continuation = std::move(row->continuation);
    input.continuation_ids = std::move(row->continuation_ids);
    input.targets = std::move(row->targets);
    input.versus = std::move(row->versus);
    for (NamedSpan& span : row->spans) {
      input.spans.push_back(named_span(std::move(span)));
    }
    for (NamedSpan& span : row->rationale) {
      input.rationale.push_back(named_span(std::move(span)));
    }
    return input;
  }
  std::string where() const override { return name_ + " line " + std::to_string(line_); }
  std::int64_t size_hint() const override { return dataset_->size_hint(); }

 private:
  std::string name_;
  std::unique_ptr<Dataset> dataset_;
  std::int64_t line_ = 0;
};

[[noreturn]] void refuse_ids(const std::string& flag, const std::string& text,
                             const std::string& command) {
  fail(Code::kInvalidArgument, command, flag + " is \"" + text + "\"",
       "expected token ids with spaces or commas between",
       "ascribo " + command + " " + flag + " \"101 2307 3185 102\"");
}

/// "101 2023, 2003" to numbers.
std::vector<std::int64_t> parse_ids(const std::string& flag, const std::string& text,
                                    const std::string& command) {
  std::vector<std::int64_t> ids;
  const char* position = text.data();
  const char* const end = text.data() + text.size();
  while (position != end) {
    if (*position == ' ' || *position == ',' || *position == '\t' || *position == '\n') {
      ++position;
      continue;
    }
    std::int64_t id = 0;
    const auto [after, error] = std::from_chars(position, end, id);
    const bool ended =
        after == end || *after == ' ' || *after == ',' || *after == '\t' || *after == '\n';
    if (error != std::errc() || !ended || id < 0) refuse_ids(flag, text, command);
    ids.push_back(id);
    position = after;
  }
  if (ids.empty()) {
    fail(Code::kInvalidArgument, command, flag + " is empty", "expected at least one token id");
  }
  return ids;
}

std::optional<std::int64_t> whole_number(const Arguments& arguments, const std::string& command,
                                         std::string_view flag) {
  const auto given = arguments.get(flag);
  if (!given) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, number);
  if (error == std::errc() && stop == end && number >= 0) return number;
  fail(Code::kInvalidArgument, command, flag_name(flag) + " is \"" + *given + "\"",
       "expected a whole number from 0 on");
}

/// Whether --sample draws texts; `generate` draws tokens by it.
bool draws_texts(const std::string& command) { return command != "generate"; }

/// Flags that say something about a file, when there is none.
void refuse_file_flags(const Arguments& arguments, const std::string& command) {
  for (const char* name :
       {"text_column", "pair_column", "label_column", "id_column", "layout", "limit", "sample"}) {
    const bool other = std::string_view(name) == "sample" && !draws_texts(command);
    if (other || !arguments.has(name)) continue;
    fail(Code::kInvalidArgument, command, flag_name(name) + " is given without a file",
         "expected --input FILE with it");
  }
}

Columns columns_of(const Arguments& arguments, const std::string& file) {
  Columns columns;
  if (const auto layout = arguments.get("layout")) columns = layout_columns(*layout, file);
  const auto choose = [&](std::optional<std::string>& column, const char* flag) {
    if (arguments.has(flag)) column = arguments.get(flag);
  };
  choose(columns.text, "text_column");
  choose(columns.pair, "pair_column");
  choose(columns.label, "label_column");
  choose(columns.id, "id_column");
  return columns;
}

DatasetPart part_of_data(const Arguments& arguments, const std::string& command) {
  DatasetPart part{.limit = whole_number(arguments, command, "limit")};
  if (draws_texts(command)) part.sample = whole_number(arguments, command, "sample");
  part.seed = static_cast<std::uint64_t>(whole_number(arguments, command, "seed").value_or(0));
  return part;
}

std::vector<Input> given_inputs(const Arguments& arguments, const std::string& command) {
  std::vector<Input> inputs;
  for (const std::string& text : arguments.positionals) {
    Input input;
    input.text = text;
    input.pair = arguments.get("pair");
    inputs.push_back(std::move(input));
  }
  if (const auto ids = arguments.get("ids")) {
    Input input;
    input.input_ids = parse_ids("--ids", *ids, command);
    inputs.push_back(std::move(input));
  }
  const auto ids = arguments.get("continue_ids");
  for (Input& input : inputs) {
    input.continuation = arguments.get("continue");
    if (ids) input.continuation_ids = parse_ids("--continue-ids", *ids, command);
  }
  return inputs;
}

}  // namespace

Span named_span(NamedSpan span) {
  return {std::move(span.name), span.of_pair ? Side::kPair : Side::kText, span.start, span.end};
}

FlagGroup input_flags(bool with_ids) {
  FlagGroup group{"what is read", {}};
  group.flags = {
      value_flag("pair", "TEXT", "second text, for a model that reads two"),
      value_flag("input", "FILE", "texts from a tsv, csv, jsonl or txt file; - is standard input"),
      value_flag("text_column", "COLUMN", "where the text is", "text, sentence or the only one"),
      value_flag("pair_column", "COLUMN", "where the second text is", "pair or sentence2"),
      value_flag("label_column", "COLUMN", "where the true label is", "label"),
      value_flag("id_column", "COLUMN", "where a name for the row is", "id"),
      switch_flag("skip_errors", "go on when a row cannot be read or used, reporting and counting"),
  };
  if (with_ids) {
    group.flags.push_back(
        value_flag("ids", "\"N N ...\"", "token ids as the model sees them, instead of a text"));
    group.flags.push_back(value_flag("continue", "TEXT",
                                     "what a causal language model wrote after the text, spaces "
                                     "included: each of its tokens is explained"));
    group.flags.push_back(value_flag("continue_ids", "\"N N ...\"", "the same as token ids"));
    group.flags.push_back(value_flag("spans", "FILE",
                                     "units of your own: named stretches of the text, as JSON "
                                     "(docs/reference/spans.md)"));
  }
  return group;
}

std::unique_ptr<InputSource> open_inputs(const Arguments& arguments, const std::string& command) {
  const bool dash = arguments.positionals.size() == 1 && arguments.literal_from == 1 &&
                    arguments.positionals.front() == "-";
  const bool has_file = arguments.has("input") || dash;
  const int sources = (arguments.positionals.empty() || dash ? 0 : 1) + (has_file ? 1 : 0) +
                      (arguments.has("ids") ? 1 : 0);
  if (sources == 0) {
    fail(Code::kInvalidArgument, command, "no text is given",
         "expected TEXT, --input FILE, or - to read standard input",
         "ascribo " + command + " \"a gripping, funny film\"");
  }
  if (sources > 1 || (dash && arguments.has("input"))) {
    fail(Code::kInvalidArgument, command, "texts are given in more than one way",
         "expected one of TEXT, --ids and --input");
  }
  if (!has_file) {
    refuse_file_flags(arguments, command);
    if (arguments.has("ids") && arguments.has("pair")) {
      fail(Code::kInvalidArgument, command, "--pair is given with --ids",
           "expected the ids of both texts in --ids");
    }
    return std::make_unique<GivenInputs>(given_inputs(arguments, command));
  }
  for (const char* name : {"continue", "continue_ids"}) {
    if (!arguments.has(name)) continue;
    fail(Code::kInvalidArgument, command, flag_name(name) + " is given with a file",
         "expected continuations in the file: \"continuation\" or \"continuation_ids\" in jsonl");
  }
  if (arguments.has("pair")) {
    fail(Code::kInvalidArgument, command, "--pair is given with a file",
         "expected the second text in the file", "--pair-column names its column");
  }
  const std::string file = dash ? "-" : *arguments.get("input");
  return std::make_unique<DatasetInputs>(file, columns_of(arguments, file),
                                         part_of_data(arguments, command));
}

}  // namespace ascribo::cli

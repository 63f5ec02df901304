// SPDX-License-Identifier: MIT
// Questions as SQuAD publishes them (Rajpurkar et al. 2016): articles, their paragraphs, and of
// each its questions with answers.
#include <string>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/io/dataset_formats.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

/// Lines of the questions, in order: a key stands in quotes that nothing escapes.
class QuestionLines {
 public:
  explicit QuestionLines(std::string_view text) : text_(text) {}

  std::int64_t next() {
    constexpr std::string_view kKey = "\"question\"";
    while (true) {
      const std::size_t found = text_.find(kKey, at_);
      if (found == std::string_view::npos) return line_;
      for (; at_ < found; ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
      at_ = found + kKey.size();
      const std::size_t after = text_.find_first_not_of(" \t\r\n", at_);
      const bool key = after != std::string_view::npos && text_[after] == ':';
      if (key && (found == 0 || text_[found - 1] != '\\')) return line_;
    }
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

/// All answers in one value, as the rows of jsonl files have them.
std::string answers_of(const Json& question) {
  std::vector<std::string> texts;
  std::vector<std::int64_t> starts;
  question.at("answers").elements([&](const Json& answer) {
    texts.emplace_back(answer.at("text").string());
    starts.push_back(answer.at("answer_start").integer());
  });
  JsonWriter json;
  json.begin_object().key("text").begin_array();
  for (const std::string& each : texts) json.value(each);
  json.end_array().key("answer_start").begin_array();
  for (const std::int64_t each : starts) json.value(each);
  json.end_array().end_object();
  return json.str();
}

class Squad : public Dataset {
 public:
  explicit Squad(std::vector<DatasetRow> rows) : rows_(std::move(rows)) {}
  std::optional<DatasetRow> next() override {
    return at_ < rows_.size() ? std::optional(std::move(rows_[at_++])) : std::nullopt;
  }
  std::int64_t size_hint() const override { return static_cast<std::int64_t>(rows_.size()); }

 private:
  std::vector<DatasetRow> rows_;
  std::size_t at_ = 0;
};

void check_column(const std::optional<std::string>& asked, std::string_view own) {
  if (!asked || *asked == own) return;
  fail(Code::kInvalidArgument, "dataset", "column \"" + *asked + "\" is asked for",
       "expected \"" + std::string(own) + "\", as in a file of SQuAD's layout");
}

}  // namespace

std::unique_ptr<Dataset> open_squad(const fs::path& file, const Columns& columns) {
  check_column(columns.text, "question");
  check_column(columns.pair, "context");
  check_column(columns.label, "answers");
  check_column(columns.id, "id");
  const auto mapped = MappedFile::open(file);
  const Json json = Json::parse(mapped->text(), file.string());
  if (!json.is_object() || !json.find("data")) {
    fail(Code::kBadFile, file.string(), "it has no \"data\"",
         "expected SQuAD's layout: {\"data\": [{\"paragraphs\": [...]}]}",
         "other rows come from .tsv, .csv, .jsonl or .txt");
  }
  QuestionLines lines(mapped->text());
  std::vector<DatasetRow> rows;
  json.at("data").elements([&](const Json& article) {
    article.at("paragraphs").elements([&](const Json& paragraph) {
      const std::string context(paragraph.at("context").string());
      paragraph.at("qas").elements([&](const Json& question) {
        DatasetRow row;
        row.line = lines.next();
        row.text = question.at("question").string();
        row.pair = context;
        row.label = answers_of(question);
        if (const auto id = question.find("id")) row.id = id->string();
        rows.push_back(std::move(row));
      });
    });
  });
  return std::make_unique<Squad>(std::move(rows));
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Questions in SQuAD's own layout.
#include <gtest/gtest.h>

#include "dataset_rows.h"

namespace ascribo {
namespace {

class DatasetSquad : public DatasetFile {};

TEST_F(DatasetSquad, EveryQuestionIsARowWithItsLine) {
  EXPECT_EQ(rows("a.json", R"({"version": "1.1", "data": [
  {"title": "T", "paragraphs": [
    {"context": "The \"question\" : \u00e9t\u00e9.", "qas": [
      {"answers": [{"answer_start": 16, "text": "été"}, {"answer_start": 0, "text": "The"}],
       "id": "x1",
       "question": "When?"},
      {"question" : "Who?", "answers": []}]}]},
  {"paragraphs": [{"qas": [{"id": "y", "question": "What?",
    "answers": [{"text": "b", "answer_start": 2}]}], "context": "a b"}]}]})"),
            (std::vector<std::string>{
                R"(6|When?|The "question" : été.|{"text":["été","The"],"answer_start":[16,0]}|x1)",
                R"(7|Who?|The "question" : été.|{"text":[],"answer_start":[]}|-)",
                R"(8|What?|a b|{"text":["b"],"answer_start":[2]}|y)"}));
  const std::string none = R"({"data": []})";
  EXPECT_TRUE(rows("b.json", none).empty());
  EXPECT_TRUE(
      rows("b.json", none, {.text = "question", .pair = "context", .label = "answers"}).empty());
}

TEST_F(DatasetSquad, OtherLayoutsAndColumnsAreRefused) {
  EXPECT_EQ(
      open_message(Code::kInvalidArgument, "a.json", R"({"data": []})", {.text = "text"}),
      "[dataset] column \"text\" is asked for; expected \"question\", as in a file of SQuAD's "
      "layout.");
  EXPECT_EQ(open_message(Code::kBadFile, "a.json", "[1]"),
            "[a.json] it has no \"data\"; expected SQuAD's layout: {\"data\": [{\"paragraphs\": "
            "[...]}]}. Hint: other rows come from .tsv, .csv, .jsonl or .txt");
  EXPECT_EQ(open_message(Code::kBadFile, "a.json", R"({"data": [{"title": "T"}]})"),
            "[a.json] \"data\" has no \"paragraphs\"; expected that key.");
}

}  // namespace
}  // namespace ascribo

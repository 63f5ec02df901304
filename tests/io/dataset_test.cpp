// SPDX-License-Identifier: MIT
// Data sets as text lines and JSON lines, standard input, and the choice between formats.
#include "ascribo/io/dataset.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "dataset_rows.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DatasetTest : public DatasetFile {
 protected:
  /// What Dataset::open("-") gives for this standard input.
  std::vector<std::string> rows_of_stdin(const std::string& bytes) const {
    const auto path = write("stdin", bytes);
    std::fflush(stdin);
    const int before = ::dup(0);
    const int file = ::open(path.c_str(), O_RDONLY);
    ::dup2(file, 0);
    ::close(file);
    std::clearerr(stdin);
    auto result = rows_of(*Dataset::open("-", {}));
    ::dup2(before, 0);
    ::close(before);
    std::clearerr(stdin);
    return result;
  }
};

TEST_F(DatasetTest, TextLines) {
  EXPECT_THAT(rows("a.txt", "\xEF\xBB\xBFone\ttwo, \"x\"\r\n\n{\"text\": 1}\nlast"),
              ElementsAre("1|one\ttwo, \"x\"|-|-|-", "3|{\"text\": 1}|-|-|-", "4|last|-|-|-"));
  EXPECT_THAT(rows("a.txt", ""), IsEmpty());
  EXPECT_THAT(rows("a.txt", "a\n\xC3(\nb\n"),
              ElementsAre("1|a|-|-|-",
                          "[dataset] a.txt line 2: this is not valid UTF-8; expected UTF-8 text. "
                          "Hint: convert the file, e.g. with iconv -t UTF-8",
                          "3|b|-|-|-"));
}

TEST_F(DatasetTest, TextHasNoColumns) {
  EXPECT_EQ(open_message(Code::kInvalidArgument, "a.txt", "x", {.label = "1"}),
            "[dataset] column \"1\" is asked for, but a.txt is plain text; expected a tsv, csv or "
            "jsonl file where columns are chosen.");
}

TEST_F(DatasetTest, JsonLines) {
  EXPECT_THAT(
      rows("a.jsonl",
           "{\"text\": \"one\", \"label\": 1, \"id\": \"x\", \"other\": [1]}\n\n"
           "{\"sentence\": \"two\\nlines\", \"pair\": \"p\", \"label\": \"pos\", \"id\": 7}\r\n"
           "{\"sentence1\": \"three\", \"sentence2\": \"q\", \"label\": null}\n"
           "{\"text\": \"\", \"label\": true}"),
      ElementsAre("1|one|-|1|x", "3|two\nlines|p|pos|7", "4|three|q|-|-", "5||-|true|-"));
}

TEST_F(DatasetTest, JsonLinesWithIdsAndTargets) {
  const auto dataset =
      Dataset::open(write("a.jsonl",
                          "{\"input_ids\": [101, 7, 102], \"target\": \"positive\"}\n"
                          "{\"text\": \"x\", \"target\": 1}\n"
                          "{\"text\": \"x\", \"target\": [\"a\", 0]}\n"
                          "{\"text\": \"x\", \"target\": []}\n"),
                    {});
  const auto first = dataset->next();
  EXPECT_EQ(first->text, "");
  EXPECT_THAT(first->input_ids, ElementsAre(101, 7, 102));
  EXPECT_THAT(first->targets, ElementsAre("positive"));
  EXPECT_THAT(dataset->next()->targets, ElementsAre("#1"));
  EXPECT_THAT(dataset->next()->targets, ElementsAre("a", "#0"));
  EXPECT_THAT(dataset->next()->targets, IsEmpty());
  EXPECT_FALSE(dataset->next());
}

TEST_F(DatasetTest, JsonLinesWithTokenTypes) {
  const auto row =
      Dataset::open(write("a.jsonl", "{\"input_ids\": [2, 7, 3, 8], \"type_ids\": [0, 0, 0, 1]}\n"),
                    {})
          ->next();
  EXPECT_THAT(row->type_ids, ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(
      rows("b.jsonl",
           "{\"text\": \"a\", \"type_ids\": [0]}\n"
           "{\"input_ids\": [1, 2], \"type_ids\": [0]}\n"),
      ElementsAre("[dataset] b.jsonl line 1: there are type_ids without input_ids; expected "
                  "both, or a text.",
                  "[dataset] b.jsonl line 2: there are 1 type_ids for 2 input_ids; expected "
                  "one for each."));
}

TEST_F(DatasetTest, JsonLinesWithChosenFields) {
  const Columns columns{.text = "review", .pair = "reply", .label = "stars", .id = "key"};
  EXPECT_THAT(rows("a.jsonl",
                   "{\"review\": \"good\", \"reply\": \"thanks\", \"stars\": 4.5, \"key\": 3}\n"
                   "{\"text\": \"good\", \"stars\": 4}\n",
                   columns),
              ElementsAre("1|good|thanks|4.5|3",
                          "[dataset] a.jsonl line 2: there is no field \"review\"; its fields are "
                          "text and stars."));
}

TEST_F(DatasetTest, BadJsonLinesAreNamedAndPassed) {
  EXPECT_THAT(
      rows("a.jsonl",
           "{\"text\": \"a\"\n[1]\n{\"review\": \"x\"}\n{}\n{\"text\": 3}\n"
           "{\"text\": \"a\", \"input_ids\": [1]}\n{\"input_ids\": []}\n{\"input_ids\": [1.5]}\n"
           "{\"text\": \"a\", \"target\": {}}\n{\"text\": \"a\", \"text\": \"b\"}\n"
           "{\"text\": \"\xFF\"}\n{\"text\": \"fine\"}\n"),
      ElementsAre(
          "[dataset] a.jsonl line 1: this cannot be read as JSON: a bracket, comma or colon is "
          "missing or misplaced; expected one JSON document.",
          "[dataset] a.jsonl line 2: this is no JSON object; expected {\"text\": ...}.",
          "[dataset] a.jsonl line 3: there is no text; expected a field text, sentence or "
          "input_ids. Hint: its fields are review; choose with --text-column",
          "[dataset] a.jsonl line 4: there is no text; expected a field text, sentence or "
          "input_ids.",
          "[dataset] a.jsonl line 5: \"text\" holds an integer; expected a string.",
          "[dataset] a.jsonl line 6: there are text and input_ids; expected one of them.",
          "[dataset] a.jsonl line 7: \"input_ids\" is empty; expected ids.",
          "[dataset] a.jsonl line 8: \"input_ids\" holds 1.5; expected an integer of 64 bits.",
          "[dataset] a.jsonl line 9: \"target\" holds {}; expected text or index.",
          "[dataset] a.jsonl line 10: the key \"text\" occurs twice; expected every key of an "
          "object once.",
          "[dataset] a.jsonl line 11: this is not valid UTF-8; expected UTF-8 text. Hint: convert "
          "the file, e.g. with iconv -t UTF-8",
          "12|fine|-|-|-"));
}

TEST_F(DatasetTest, StandardInputIsTextOrJson) {
  EXPECT_THAT(rows_of_stdin("one\n\ntwo"), ElementsAre("1|one|-|-|-", "3|two|-|-|-"));
  EXPECT_THAT(rows_of_stdin("\n { \"text\": \"one\"}\n{\"text\": \"two\"}\n"),
              ElementsAre("2|one|-|-|-", "3|two|-|-|-"));
  EXPECT_THAT(rows_of_stdin("{braces} in text\n"), ElementsAre("1|{braces} in text|-|-|-"));
  EXPECT_THAT(rows_of_stdin("{\"text\": \n"), ElementsAre(HasSubstr("standard input line 1")));
  EXPECT_THAT(rows_of_stdin(""), IsEmpty());
}

TEST_F(DatasetTest, PipesAreReadLikeStandardInput) {
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe) << "{\"text\": \"one\"}\n"; });
  const auto dataset = Dataset::open(pipe, {});
  EXPECT_EQ(dataset->size_hint(), -1);
  EXPECT_THAT(rows_of(*dataset), ElementsAre("1|one|-|-|-"));
  writer.join();
}

TEST_F(DatasetTest, RowsAreCounted) {
  const auto hint = [&](const std::string& name, const std::string& bytes) {
    return Dataset::open(write(name, bytes), {})->size_hint();
  };
  EXPECT_EQ(hint("a.txt", "a\n\r\n\nb"), 2);
  EXPECT_EQ(hint("a.tsv", "text\tlabel\na\t1\nb\t1\n"), 2);
  EXPECT_EQ(hint("a.tsv", "a\nb\n"), 2);
  EXPECT_EQ(hint("a.csv", "text\na\n"), 1);
  EXPECT_EQ(hint("a.jsonl", "{\"text\": \"a\"}\n"), 1);
  EXPECT_EQ(hint("a.jsonl", ""), 0);
}

TEST_F(DatasetTest, FilesThatAreNoDataSets) {
  EXPECT_EQ(message(Code::kNotFound, [&] { Dataset::open(folder_ / "none.tsv", {}); }),
            "[dataset] there is no file none.tsv; expected a file to read.");
  std::filesystem::create_directory(folder_ / "dir.tsv");
  EXPECT_EQ(message(Code::kIo, [&] { Dataset::open(folder_ / "dir.tsv", {}); }),
            "[dataset] dir.tsv is a folder; expected a file to read.");
  EXPECT_EQ(open_message(Code::kUnsupported, "a.parquet", "PAR1"),
            "[dataset] a.parquet is a .parquet file; expected .tsv, .csv, .jsonl, .txt, or "
            ".json of SQuAD.");
  EXPECT_EQ(open_message(Code::kUnsupported, "reviews", "x"),
            "[dataset] reviews has no extension; expected .tsv, .csv, .jsonl, .txt, or "
            ".json of SQuAD.");
  const auto loop = folder_ / "loop.txt";
  std::filesystem::create_symlink(loop, loop);
  EXPECT_EQ(message(Code::kIo, [&] { Dataset::open(loop, {}); }),
            "[dataset] loop.txt cannot be read: Too many levels of symbolic links; expected a "
            "readable file.");
}

TEST_F(DatasetTest, TextMayHoldNul) {
  EXPECT_THAT(rows("a.txt", std::string("a\0b\n", 4)),
              ElementsAre(std::string("1|a\0b|-|-|-", 11)));
}

}  // namespace
}  // namespace ascribo

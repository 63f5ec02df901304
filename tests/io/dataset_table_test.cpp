// SPDX-License-Identifier: MIT
// Data sets in tsv and csv: headers, columns, quotes, line numbers, bad rows.
#include <gmock/gmock.h>

#include "dataset_rows.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Tsv : public DatasetFile {};
class Csv : public DatasetFile {};

TEST_F(Tsv, KnownNamesMakeAHeader) {
  EXPECT_THAT(rows("a.tsv", "sentence\tlabel\na gripping film\t1\n\nso dull\t0\n"),
              ElementsAre("2|a gripping film|-|1|-", "4|so dull|-|0|-"));
  EXPECT_THAT(rows("b.TSV", "id\tsentence1\tsentence2\tlabel\n7\ta\tb\tyes"),
              ElementsAre("2|a|b|yes|7"));
  EXPECT_THAT(rows("c.tsv", "text\npair\n"), ElementsAre("2|pair|-|-|-"));
  EXPECT_THAT(rows("d.tsv", "pair\ttext\nb\ta\n"), ElementsAre("2|a|b|-|-"));
}

TEST_F(Tsv, ChosenNamesMakeAHeader) {
  const Columns columns{.text = "review", .label = "stars"};
  EXPECT_THAT(rows("a.tsv", "stars\treview\n5\tgood\n", columns), ElementsAre("2|good|-|5|-"));
}

TEST_F(Tsv, NumbersChooseWithoutAHeader) {
  const Columns columns{.text = "1", .label = "0"};
  EXPECT_THAT(rows("a.tsv", "0\tso dull\n1\tgood\n", columns),
              ElementsAre("1|so dull|-|0|-", "2|good|-|1|-"));
  EXPECT_THAT(rows("one.tsv", "only column\nhere\n"),
              ElementsAre("1|only column|-|-|-", "2|here|-|-|-"));
  const Columns with_header{.text = "1"};
  EXPECT_THAT(rows("b.tsv", "label\treview\n1\tgood\n", with_header), ElementsAre("2|good|-|1|-"));
}

TEST_F(Tsv, OneColumnMayServeTwice) {
  const Columns columns{.text = "0", .id = "0"};
  EXPECT_THAT(rows("a.tsv", "x\ty\n", columns), ElementsAre("1|x|-|-|x"));
}

TEST_F(Tsv, QuotesAreOrdinaryAndLineEndsMayBeWindows) {
  EXPECT_THAT(rows("a.tsv", "\xEF\xBB\xBFtext\tlabel\r\n\"so\" he said\t1\r\n\r\n\"open\t0\r\n"),
              ElementsAre("2|\"so\" he said|-|1|-", "4|\"open|-|0|-"));
}

TEST_F(Tsv, EmptyFilesHaveNoRows) {
  EXPECT_THAT(rows("a.tsv", ""), IsEmpty());
  EXPECT_THAT(rows("a.tsv", "\n\r\n\n"), IsEmpty());
  EXPECT_THAT(rows("a.tsv", "text\tlabel\n"), IsEmpty());
  EXPECT_THAT(rows("a.tsv", "text\tlabel\n\t1\n"), ElementsAre("2||-|1|-"));
}

TEST_F(Tsv, UnknownColumnsNameWhatThereIs) {
  EXPECT_EQ(
      open_message(Code::kUnknownName, "a.tsv", "sentence\tlabel\nx\t1\n", {.text = "sentense"}),
      "[dataset] a.tsv has no column \"sentense\"; its columns are sentence and label. "
      "Hint: did you mean \"sentence\"?");
  EXPECT_EQ(open_message(Code::kUnknownName, "a.tsv", "x\t1\n", {.text = "2"}),
            "[dataset] a.tsv has no column 2; expected a number below 2.");
  EXPECT_EQ(open_message(Code::kUnknownName, "a.tsv", "review\tlabel\nx\t1\n"),
            "[dataset] a.tsv has the columns review and label; expected one called text or "
            "sentence. Hint: choose one with --text-column NAME");
  EXPECT_EQ(open_message(Code::kUnknownName, "a.tsv", "x\t1\n"),
            "[dataset] a.tsv has 2 columns and no known names above them; expected one called "
            "text or sentence. Hint: choose one with --text-column, by name or by number from 0");
}

TEST_F(Tsv, BadRowsAreNamedAndPassed) {
  EXPECT_THAT(
      rows("a.tsv",
           "text\tlabel\ngood\t1\nalone\nb\xFF"
           "d\t0\na\tb\tc\nfine\t1\n"),
      ElementsAre("2|good|-|1|-", "[dataset] a.tsv line 3: 1 column; expected 2 as in the header.",
                  "[dataset] a.tsv line 4: this is not valid UTF-8; expected UTF-8 text. Hint: "
                  "convert the file, e.g. with iconv -t UTF-8",
                  "[dataset] a.tsv line 5: 3 columns; expected 2 as in the header.",
                  "6|fine|-|1|-"));
  EXPECT_THAT(rows("b.tsv", "x\t1\ny\n", {.text = "0", .label = "1"}),
              ElementsAre("1|x|-|1|-",
                          "[dataset] b.tsv line 2: 1 column; expected 2 as in the first row."));
  EXPECT_THAT(rows("c.tsv", "text\tlabel\tnote\nx\t1\n"), ElementsAre("2|x|-|1|-"));
}

TEST_F(Tsv, ABadFirstRowIsPassedToo) {
  EXPECT_THAT(rows("a.tsv", "\xFF\t1\nfine\t1\n", {.text = "0"}),
              ElementsAre("[dataset] a.tsv line 1: this is not valid UTF-8; expected UTF-8 text. "
                          "Hint: convert the file, e.g. with iconv -t UTF-8",
                          "2|fine|-|-|-"));
  EXPECT_EQ(open_message(Code::kBadFile, "a.tsv", "text\xFF\tlabel\nfine\t1\n"),
            "[dataset] a.tsv line 1: this is not valid UTF-8; expected UTF-8 text. Hint: convert "
            "the file, e.g. with iconv -t UTF-8");
}

TEST_F(Csv, QuotedCellsHoldAnything) {
  EXPECT_THAT(
      rows("a.csv",
           "text,label\n\"one, two\",1\n\"she said \"\"so\"\"\",0\n\"two\nlines\n\nhere\",1\n"
           " spaced ,0\n"),
      ElementsAre("2|one, two|-|1|-", "3|she said \"so\"|-|0|-", "4|two\nlines\n\nhere|-|1|-",
                  "8| spaced |-|0|-"));
}

TEST_F(Csv, WindowsLineEndsAndNoLastOne) {
  EXPECT_THAT(rows("a.csv", "\xEF\xBB\xBFid,text\r\n1,\"a\r\nb\"\r\n\r\n2,\"c\""),
              ElementsAre("2|a\r\nb|-|-|1", "5|c|-|-|2"));
}

TEST_F(Csv, QuotedHeader) {
  EXPECT_THAT(rows("a.csv", "\"text\",\"label\"\nx,1\n"), ElementsAre("2|x|-|1|-"));
}

TEST_F(Csv, BadQuotesAreNamedAndPassed) {
  const std::string rest =
      "; expected quotes as RFC 4180 has them. Hint: put the whole cell in quotes and double the "
      "quotes in it";
  EXPECT_THAT(rows("a.csv", "text,label\nhe said \"so\",1\nfine,1\n\"a\"b,0\nlast,0\n"),
              ElementsAre("[dataset] a.csv line 2: a quote stands in an unquoted cell or behind a "
                          "quoted one" +
                              rest,
                          "3|fine|-|1|-",
                          "[dataset] a.csv line 4: a quote stands in an unquoted cell or behind a "
                          "quoted one" +
                              rest,
                          "5|last|-|0|-"));
  EXPECT_THAT(rows("b.csv", "text,label\n\"open,1\nnever closed,0\n"),
              ElementsAre("[dataset] b.csv line 2: a quoted cell has no end" + rest));
}

TEST_F(Csv, BadRowsAreNamedByTheirFirstLine) {
  EXPECT_THAT(rows("a.csv", "text,label\n\"a\nb\"\n\"x\ny\xFF\",1\na,b,c\nfine,1\n"),
              ElementsAre("[dataset] a.csv line 2: 1 column; expected 2 as in the header.",
                          "[dataset] a.csv line 4: this is not valid UTF-8; expected UTF-8 text. "
                          "Hint: convert the file, e.g. with iconv -t UTF-8",
                          "[dataset] a.csv line 6: 3 columns; expected 2 as in the header.",
                          "7|fine|-|1|-"));
}

TEST_F(Csv, BareCarriageReturnsEndRows) {
  EXPECT_THAT(rows("a.csv", "text,label\ra,1\rb,0\r"), ElementsAre("1|a|-|1|-", "1|b|-|0|-"));
}

}  // namespace
}  // namespace ascribo

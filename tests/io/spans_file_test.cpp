// SPDX-License-Identifier: MIT
// Spans from files and from rows of data sets.
#include "ascribo/io/spans_file.h"

#include <gmock/gmock.h>

#include "dataset_rows.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> shown(const std::vector<NamedSpan>& spans) {
  std::vector<std::string> list;
  for (const NamedSpan& span : spans) {
    list.push_back(span.name + (span.of_pair ? " pair " : " text ") + std::to_string(span.start) +
                   "-" + std::to_string(span.end));
  }
  return list;
}

class SpansFileTest : public DatasetFile {
 protected:
  std::string refusal(const std::string& bytes) const {
    const auto path = write("s.json", bytes);
    return message(Code::kBadFile, [&] { SpansFile::open(path); });
  }
};

TEST_F(SpansFileTest, OneListForOneText) {
  SpansFile file = SpansFile::open(write("s.json", R"(
  [{"name": "a", "start": 0, "end": 3},
   {"name": "b \u00fc", "start": 2, "end": 7, "side": "pair"}, {"name": "c", "start": 4, "end": 5,
    "side": "text"}])"));
  EXPECT_TRUE(file.is_one_list());
  EXPECT_THAT(file.left(), ElementsAre("row 1"));
  EXPECT_THAT(shown(file.take(1, "any")),
              ElementsAre("a text 0-3", "b \u00fc pair 2-7", "c text 4-5"));
  EXPECT_THAT(file.left(), IsEmpty());
}

TEST_F(SpansFileTest, LinesByIdAndByRow) {
  SpansFile file = SpansFile::open(
      write("s.jsonl",
            "{\"id\": \"x\", \"spans\": [{\"name\": \"a\", \"start\": 0, \"end\": 1}]}\n\n"
            "{\"row\": 2, \"spans\": [{\"name\": \"b\", \"start\": 0, \"end\": 2}]}\r\n"
            "{\"id\": 7, \"spans\": []}\n"));
  EXPECT_FALSE(file.is_one_list());
  EXPECT_THAT(shown(file.take(2, {})), ElementsAre("b text 0-2"));
  EXPECT_THAT(shown(file.take(2, "x")), ElementsAre("a text 0-1"));
  EXPECT_THAT(file.take(1, {}), IsEmpty());
  EXPECT_THAT(file.left(), ElementsAre("id \"7\""));
}

TEST_F(SpansFileTest, WhatIsNoListOfSpansIsRefused) {
  const std::string form =
      R"(; expected [{"name": "question", "start": 0, "end": 12, "side": "text"}, ...].)";
  EXPECT_EQ(refusal("[3]"), "[spans] a span is 3" + form);
  EXPECT_EQ(refusal(R"([{"start": 0, "end": 1}])"),
            R"([spans] a span has no name: {"start":0,"end":1})" + form);
  EXPECT_EQ(refusal(R"([{"name": "", "start": 0, "end": 1}])"),
            R"([spans] a span has no name: {"name":"","start":0,"end":1})" + form);
  EXPECT_EQ(refusal(R"([{"name": "a", "end": 1}])"),
            R"([spans] a span has no start: {"name":"a","end":1})" + form);
  EXPECT_EQ(refusal(R"([{"name": "a", "start": 0, "end": "1"}])"), "[spans] end is \"1\"" + form);
  EXPECT_EQ(refusal(R"([{"name": "a", "start": 0, "end": 1, "text": "x"}])"),
            "[spans] a span has a field \"text\"" + form);
  EXPECT_EQ(refusal(R"([{"name": "a", "start": 0, "end": 1, "side": "output"}])"),
            "[spans] the side of \"a\" is \"output\"; expected \"text\" or \"pair\".");
}

TEST_F(SpansFileTest, WhatIsNoLineIsRefusedByItsNumber) {
  const std::string form =
      R"(; expected {"id": ..., "spans": [...]} or {"row": N, "spans": [...]}.)";
  EXPECT_EQ(refusal("{\"id\": 1}"), "[spans] s.json line 1: the line has no spans" + form);
  EXPECT_EQ(refusal("\n{\"spans\": []}"),
            "[spans] s.json line 2: the line has neither id nor row" + form);
  EXPECT_EQ(refusal("{\"spans\": [], \"id\": 1, \"row\": 1}"),
            "[spans] s.json line 1: the line has both id and row" + form);
  EXPECT_EQ(refusal("{\"spans\": [], \"row\": 0}"),
            "[spans] s.json line 1: row is 0; expected a number from 1 on.");
  EXPECT_EQ(refusal("{\"spans\": [], \"row\": 1}\n{\"spans\": [], \"row\": 1}"),
            "[spans] s.json line 2: there are two lines for row 1; expected one.");
  EXPECT_THAT(refusal("{\"spans\": [], \"row\""), testing::HasSubstr("s.json line 1"));
  EXPECT_THAT(refusal("plain text"), testing::HasSubstr("s.json line 1"));
}

TEST_F(SpansFileTest, RowsOfADataSetCarryThem) {
  const auto dataset =
      Dataset::open(write("a.jsonl",
                          "{\"text\": \"one two\", \"spans\": [{\"name\": \"a\", \"start\": 0, "
                          "\"end\": 3}]}\n{\"text\": \"x\", \"spans\": 3}\n{\"text\": \"y\"}\n"),
                    {});
  EXPECT_THAT(shown(dataset->next()->spans), ElementsAre("a text 0-3"));
  EXPECT_THAT(message(Code::kBadFile, [&] { dataset->next(); }),
              testing::StartsWith("[dataset] a.jsonl line 2: this is no list of spans; expected"));
  EXPECT_THAT(dataset->next()->spans, IsEmpty());
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The study's texts from files as they are published, and its checkpoints.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "ascribo/study/reproduce/alti_study.h"
#include "tests/io/temp_folder.h"

namespace ascribo {
namespace {

class AltiRows : public TempFolder {};

TEST_F(AltiRows, PairsOfFormsBecomeOneTextWithAPlaceForTheVerb) {
  const auto file =
      write("forms.tab",
            "sent_id\tform\tclass\tprefix\tlen_prefix\tsent\n"
            "7\trepresents\tcorrect\tAn insight\t2\tAn insight represents this . <eos>\n"
            "7\trepresent\twrong\tAn insight\t2\tAn insight represents this . <eos>\n"
            "8\tgo\tcorrect\tThey\t1\tThey go . <eos>\n"
            "9\tgoes\twrong\tWe\t1\tWe go . <eos>\n"
            "9\tgo\tcorrect\tWe\t1\tWe go . <eos>\n");
  const std::vector<AltiRow> rows = alti_rows(AltiTask::kSva, file, {}, 0);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].text, "An insight ***mask*** this .");
  EXPECT_EQ(rows[0].good, "represents");
  EXPECT_EQ(rows[0].bad, "represent");
  const auto alone = [&](std::size_t row) {
    return rows[row].error.substr(folder_.string().size());
  };
  const std::string expected = "expected a row of another class with the same sentence behind it.";
  EXPECT_EQ(alone(1).substr(2), "forms.tab line 4] the row has no partner; " + expected);
  EXPECT_EQ(alone(2).substr(2),
            "forms.tab line 5] the row has no partner; expected a row of class "
            "correct before it.");
  EXPECT_EQ(alone(3).substr(2), "forms.tab line 6] the row has no partner; " + expected);
}

TEST_F(AltiRows, ColumnsThatAreNotThereEndTheRun) {
  const auto refused = [&](AltiTask task, Code code, const std::string& content) {
    const auto file = write("a.tsv", content);
    return message(code, [&] { alti_rows(task, file, {}, 0); });
  };
  EXPECT_EQ(refused(AltiTask::kSva, Code::kUnknownName, "sent\tclass\tform\nA b\tcorrect\tb\n"),
            "[dataset] a.tsv has no column \"prefix\"; its columns are sent, class and form.");
  EXPECT_EQ(refused(AltiTask::kSva, Code::kBadFile, "text\tlabel\nA b\t1\n"),
            "[a.tsv] there are no pairs of sentences; expected columns sent, prefix, class and "
            "form; sentence_good and sentence_bad; or ***mask*** in the third column and forms "
            "behind.");
  EXPECT_EQ(refused(AltiTask::kSst2, Code::kUnknownName, "review\tstars\nA b\t1\n"),
            "[a.tsv] its first line has no columns of sst2; expected a line that names them, or a "
            "text and its label. Hint: sst2 calls them sentence and label, every other task text "
            "and label");
  EXPECT_EQ(refused(AltiTask::kImdb, Code::kUnknownName, "A b\n"),
            "[dataset] a.tsv has no column 1; expected a number below 1.");
}

TEST_F(AltiRows, SentencesThatDifferInOneWord) {
  const auto file = write("pairs.jsonl",
                          "{\"sentence_good\": \"The dogs bark.\", \"sentence_bad\": \"The dogs "
                          "barks.\"}\n"
                          "{\"sentence_good\": \"A b c.\", \"sentence_bad\": \"A d e.\"}\n");
  const std::vector<AltiRow> rows = alti_rows(AltiTask::kSva, file, {}, 0);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].text, "The dogs ***mask***");
  EXPECT_EQ(rows[0].good, "bark");
  EXPECT_EQ(rows[0].bad, "barks");
  EXPECT_NE(rows[1].error.find("do not differ in one word"), std::string::npos);
}

TEST_F(AltiRows, TextsWithAMask) {
  const auto file =
      write("masked.tsv", "0\tsing\tthe key ***mask*** old\tis\tare\n0\tsing\tx\ty\tz\n");
  const std::vector<AltiRow> rows = alti_rows(AltiTask::kSva, file, {}, 0);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].text, "the key ***mask*** old");
  EXPECT_EQ(rows[0].good + " " + rows[0].bad, "is are");
  EXPECT_NE(rows[1].error.find("there is no ***mask***"), std::string::npos);
}

TEST_F(AltiRows, ASampleIsDrawnOnceAndInOrder) {
  std::string lines = "sentence\tlabel\n";
  for (int i = 100; i < 200; ++i) lines += std::to_string(i) + "\t1\n";
  const auto file = write("a.tsv", lines);
  const auto texts = [&](std::uint64_t seed) {
    std::vector<std::string> all;
    for (const AltiRow& row : alti_rows(AltiTask::kSst2, file, 20, seed)) all.push_back(row.text);
    return all;
  };
  const std::vector<std::string> drawn = texts(10);
  EXPECT_EQ(drawn.size(), 20U);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
  EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), 20U);
  EXPECT_EQ(drawn, texts(10));
  EXPECT_NE(drawn, texts(11));
  EXPECT_EQ(alti_rows(AltiTask::kSst2, file, 300, 1).size(), 100U);
}

TEST_F(AltiRows, MissingCheckpointsAreNamedTogether) {
  std::filesystem::create_directories(folder_ / "bert");
  std::filesystem::create_directories(folder_ / "bert-sva");
  std::ofstream(folder_ / "bert" / "config.json") << "{}";
  std::ofstream(folder_ / "bert-sva" / "config.json") << "{}";
  EXPECT_EQ(alti_checkpoints(folder_, {"bert"}, AltiTask::kSst2)[0], folder_ / "bert");
  EXPECT_EQ(alti_checkpoints(folder_, {"bert"}, AltiTask::kSva)[0], folder_ / "bert-sva");
  EXPECT_EQ(message(Code::kNotFound,
                    [&] {
                      alti_checkpoints(folder_, {"roberta", "bert", "distilbert"}, AltiTask::kSst2);
                    }),
            "[alti] there is no checkpoint roberta-sst2 and distilbert-sst2 in " +
                folder_.string() +
                "; expected a folder MODEL-TASK or MODEL for every model. Hint: "
                "tools/study_checkpoints.py makes small ones");
}

}  // namespace
}  // namespace ascribo

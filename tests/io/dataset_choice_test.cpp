// SPDX-License-Identifier: MIT
// Well-known layouts by name and by number, limits and samples, and journals.
#include "ascribo/io/data/dataset_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "ascribo/base/error.h"
#include "ascribo/io/data/journal_file.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

class DatasetChoice : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() /
             ("ascribo_choice_" +
              std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return folder / name;
  }
  DatasetRow first(const std::string& layout, const fs::path& file) const {
    return *Dataset::open(file, layout_columns(layout, file))->next();
  }
  static std::vector<std::string> texts(Dataset& dataset) {
    std::vector<std::string> all;
    while (const auto row = dataset.next()) all.push_back(row->text);
    return all;
  }

  fs::path folder;
};

TEST_F(DatasetChoice, LayoutsWithAHeaderAndWithout) {
  DatasetRow row = first("sst2", write("a.tsv", "sentence\tlabel\nfine film\t1\n"));
  EXPECT_EQ(row.text, "fine film");
  EXPECT_EQ(row.label, "1");
  row = first("sst2", write("b.tsv", "fine film\t1\n"));
  EXPECT_EQ(row.text, "fine film");
  EXPECT_EQ(row.label, "1");
  row = first("cola", write("c.tsv", "gj04\t0\t*\tHim sailed.\n"));
  EXPECT_EQ(row.text, "Him sailed.");
  EXPECT_EQ(row.label, "0");
  EXPECT_EQ(row.id, "gj04");
  row = first("imdb", write("d.csv", "review,sentiment\n\"good, good\",positive\n"));
  EXPECT_EQ(row.text, "good, good");
  EXPECT_EQ(row.label, "positive");
  row = first("yelp", write("e.csv", "\"2\",\"nice place\"\n"));
  EXPECT_EQ(row.text, "nice place");
  EXPECT_EQ(row.label, "2");
  row = first("yelp", write("f.jsonl", "{\"review_id\": \"x\", \"stars\": 4, \"text\": \"ok\"}\n"));
  EXPECT_EQ(row.text, "ok");
  EXPECT_EQ(row.label, "4");
  EXPECT_EQ(row.id, "x");
  row = first("ag_news",
              write("g.csv", "Class Index,Title,Description\n3,\"Oil\",\"Oil is dear.\"\n"));
  EXPECT_EQ(row.text, "Oil is dear.");
  EXPECT_EQ(row.label, "3");
  row = first("rotten_tomatoes", write("h.csv", "text,label\ndull,0\n"));
  EXPECT_EQ(row.text, "dull");
  write("rt.pos", "a joy\nfine\n");
  write("rt.neg", "a bore\n");
  row = first("rotten_tomatoes", folder / "rt.neg");
  EXPECT_EQ(row.text, "a bore");
  EXPECT_EQ(row.label, "0");
  const auto both = Dataset::open(folder / "rt", layout_columns("rotten_tomatoes", folder / "rt"));
  EXPECT_EQ(both->size_hint(), 3);
  for (const std::string wanted : {"a joy1", "a bore0", "fine1"}) {
    const DatasetRow each = *both->next();
    EXPECT_EQ(each.text + *each.label, wanted);
  }
  EXPECT_FALSE(both->next());
  row = first(
      "blimp",
      write("i.jsonl", "{\"sentence_good\": \"He sails.\", \"sentence_bad\": \"He sail.\"}\n"));
  EXPECT_EQ(row.text, "He sails.");
  EXPECT_EQ(row.pair, "He sail.");
}

TEST_F(DatasetChoice, AnUnknownLayout) {
  try {
    layout_columns("sst", write("a.tsv", "x\t1\n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[layout] \"sst\" is not a layout; expected sst2, cola, imdb, yelp, ag_news, "
                 "rotten_tomatoes or blimp. Hint: did you mean \"sst2\"?");
  }
}

TEST_F(DatasetChoice, ASampleIsOfAllRowsInTheirOrder) {
  std::string lines;
  for (int i = 100; i < 200; ++i) lines += std::to_string(i) + "\n";
  const fs::path file = write("a.txt", lines);
  const auto draw = [&](const DatasetPart& part) {
    return texts(*part_of(Dataset::open(file, {}), part));
  };
  EXPECT_EQ(draw({.limit = 3}), (std::vector<std::string>{"100", "101", "102"}));
  EXPECT_EQ(draw({.limit = 300}).size(), 100u);
  const auto sample = draw({.sample = 20});
  EXPECT_EQ(sample.size(), 20u);
  EXPECT_TRUE(std::is_sorted(sample.begin(), sample.end()));
  EXPECT_EQ(std::set<std::string>(sample.begin(), sample.end()).size(), 20u);
  EXPECT_EQ(sample, draw({.sample = 20}));
  EXPECT_NE(sample, draw({.sample = 20, .seed = 1}));
  EXPECT_EQ(draw({.sample = 300}).size(), 100u);
  EXPECT_EQ(draw({.limit = 2, .sample = 20}),
            std::vector<std::string>(sample.begin(), sample.begin() + 2));
  // Every row is as likely as any other: over 300 seeds each is drawn 60 times.
  std::map<std::string, int> often;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const std::string& text : draw({.sample = 20, .seed = seed})) ++often[text];
  }
  for (const auto& [text, count] : often) EXPECT_NEAR(count, 60, 35) << text;
  EXPECT_THROW(draw({.limit = 0}), Error);
}

TEST_F(DatasetChoice, JournalsKeepWholeLines) {
  const fs::path file = folder / "run.jsonl";
  {
    JournalFile journal = JournalFile::begin(file);
    journal.add("one");
    journal.add("two");
  }
  std::ofstream(file, std::ios::app) << "thr";
  EXPECT_EQ(JournalFile::read(file), (std::vector<std::string>{"one", "two"}));
  JournalFile::go_on(file).add("three");
  EXPECT_EQ(JournalFile::read(file), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_THROW(JournalFile::begin(file), Error);
  EXPECT_THROW(JournalFile::read(folder / "none"), Error);
}

}  // namespace
}  // namespace ascribo

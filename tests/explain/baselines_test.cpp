// SPDX-License-Identifier: MIT
// Baselines that are vectors or texts of their own, against closed forms on a linear model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "ascribo/explain/subject.h"
#include "ascribo/io/output_file.h"
#include "ascribo/models/model.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"

namespace ascribo {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class Baselines : public testing::Test {
 protected:
  test::Toy toy = test::linear_toy();
  const std::string written = "it is not a good film.";

  Explanation explain(OptionValues options) const {
    Input input;
    input.text = written;
    options.emplace("unit", "all_tokens");
    return toy.subject.explain(input, {.targets = {"all"}, .options = std::move(options)});
  }

  double worth(const std::vector<double>& word, std::size_t position,
               const Attribution& attribution) const {
    double sum = 0;
    for (std::size_t d = 0; d < word.size(); ++d) {
      sum += word[d] *
             static_cast<double>(toy.model->weight(static_cast<std::int64_t>(position),
                                                   static_cast<std::size_t>(attribution.index), d));
    }
    return sum;
  }

  std::vector<double> word(std::int64_t id) const {
    return toy.model->word_embeddings({id}).to_vector<double>();
  }

  // Every score is what the token is worth less what `other` is worth in its place.
  void expect_differences(const Explanation& found,
                          const std::function<std::vector<double>(std::size_t)>& other) const {
    for (const Attribution& attribution : found.attributions) {
      for (std::size_t i = 0; i < found.tokens.size(); ++i) {
        EXPECT_NEAR(
            attribution.scores[i],
            worth(word(found.tokens[i].id), i, attribution) - worth(other(i), i, attribution), 2e-5)
            << i;
      }
      EXPECT_NEAR(*attribution.delta, 0, 2e-5);
    }
  }
};

TEST_F(Baselines, TheMeanIsThatOfAllWords) {
  std::vector<double> mean(3, 0.0);
  const std::int64_t vocabulary = toy.model->info().vocab;
  for (std::int64_t id = 0; id < vocabulary; ++id) {
    for (std::size_t d = 0; d < 3; ++d) mean[d] += word(id)[d] / static_cast<double>(vocabulary);
  }
  const Explanation found = explain({{"baseline", "mean"}});
  expect_differences(found, [&](std::size_t i) {
    return found.tokens[i].special ? word(found.tokens[i].id) : mean;
  });
  EXPECT_EQ(found.baseline->kind, "mean");
}

TEST_F(Baselines, ATextIsCutOrPaddedToLength) {
  const Explanation longer =
      explain({{"baseline", "text:the plot was dull and far too long to hold"}});
  const Explanation shorter = explain({{"baseline", "text:bad"}});
  EXPECT_THAT(shorter.baseline->tokens, ElementsAre("[CLS]", "bad", "[PAD]", "[PAD]", "[PAD]",
                                                    "[PAD]", "[PAD]", "[PAD]", "[SEP]"));
  EXPECT_EQ(longer.baseline->tokens.size(), longer.tokens.size());
  EXPECT_THAT(longer.baseline->tokens, testing::Not(Contains("[PAD]")));
  for (const Explanation* found : {&longer, &shorter}) {
    expect_differences(*found, [&](std::size_t i) {
      return word(*toy.subject.tokenizer().find_token(found->baseline->tokens[i]));
    });
  }
}

TEST_F(Baselines, TheTextsOfAFileAreAveraged) {
  const auto path = std::filesystem::path(testing::TempDir()) / "baselines.txt";
  {
    OutputFile file(path);
    file.write("bad\ngood film\n\nnever read\n");
    file.commit();
  }
  const std::string name = "file:" + path.string();
  const Explanation bad = explain({{"baseline", "text:bad"}});
  const Explanation good = explain({{"baseline", "text:good film"}});
  const Explanation both = explain({{"baseline", name}, {"baseline_samples", "2"}});
  EXPECT_EQ(both.baseline->kind, name);
  EXPECT_THAT(both.notes, Contains(HasSubstr("means over 2 baselines")));
  EXPECT_TRUE(both.baseline->tokens.empty());
  EXPECT_THAT(both.notes, Contains(HasSubstr("the first 2 texts of the file")));
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(*both.attributions[k].baseline_value,
                (*bad.attributions[k].baseline_value + *good.attributions[k].baseline_value) / 2,
                1e-6);
    for (std::size_t i = 0; i < both.tokens.size(); ++i) {
      EXPECT_NEAR(both.attributions[k].scores[i],
                  (bad.attributions[k].scores[i] + good.attributions[k].scores[i]) / 2, 1e-5);
    }
  }
  std::filesystem::remove(path);
}

TEST_F(Baselines, UniformDrawsWordsByTheSeed) {
  const OptionValues one = {{"baseline", "uniform"}, {"baseline_samples", "1"}};
  const Explanation found = explain(one);
  EXPECT_EQ(found.baseline->tokens.front(), "[CLS]");
  EXPECT_EQ(found.baseline->tokens, explain(one).baseline->tokens);
  OptionValues other = one;
  other["seed"] = "1";
  EXPECT_NE(found.baseline->tokens, explain(other).baseline->tokens);
  expect_differences(found, [&](std::size_t i) {
    return word(*toy.subject.tokenizer().find_token(found.baseline->tokens[i]));
  });
}

TEST_F(Baselines, WhatCannotBeIsRefused) {
  EXPECT_EQ(test::error_of(Code::kUnsupported,
                           [&] {
                             explain({{"baseline", "mean"}, {"at", "layer:0"}});
                           }),
            "[baseline] \"mean\" was given at hidden:0; expected the mean of word embeddings to be "
            "used where they are. Hint: use --at word_embeddings, or another baseline");
  EXPECT_EQ(test::error_of(Code::kBadText,
                           [&] {
                             explain({{"baseline", "text:"}});
                           }),
            "[baseline] \"\" has no tokens; expected a text with at least one.");
  test::error_of(Code::kNotFound, [&] { explain({{"baseline", "file:/nowhere.txt"}}); });
  EXPECT_THAT(test::error_of(Code::kUnknownName,
                             [&] {
                               explain({{"baseline", "uniforn"}});
                             }),
              HasSubstr("did you mean \"uniform\"?"));
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Explanations that were saved as JSON come back as they were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "ascribo/base/error.h"
#include "ascribo/explain/saved/read_explanation.h"
#include "ascribo/explain/saved/saved_explanations.h"
#include "ascribo/explain/subject.h"
#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"
#include "tests/folders.h"

namespace ascribo {
namespace {

std::string line(const Explanation& explanation) {
  return render(find_renderer("json"), explanation);
}

Explanation read(const std::string& text) {
  return read_explanation(Json::parse(text, "saved"), "saved");
}

/// Not only JSON: everything a reader may be shown.
void expect_the_same(const Explanation& given) {
  const Explanation back = read(line(given));
  for (const Renderer* renderer : renderers()) {
    EXPECT_EQ(render(*renderer, back), render(*renderer, given)) << renderer->name;
  }
}

std::string error_of(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kBadFile);
    return error.what();
  }
  return "no error";
}

/// A file that is removed with the test.
class SavedFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  ~SavedFile() override { std::filesystem::remove_all(folder_); }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("ascribo_saved_" + std::to_string(::getpid()));
};

TEST(Saved, samples_come_back_as_they_were) {
  expect_the_same(samples::review());
  expect_the_same(samples::sentence_pair());
  expect_the_same(samples::explained("", {}));
  expect_the_same(samples::explained("a b", {1.0F, NAN}));
  Explanation classes = samples::five_classes();
  classes.sort = false;  // for display only, and not saved
  expect_the_same(classes);
  for (const std::string& text : samples::hostile_strings()) {
    EXPECT_EQ(line(read(line(samples::hostile(text)))), line(samples::hostile(text)));
  }
}

TEST(Saved, every_field_comes_back) {
  Explanation given = samples::review();
  given.seed = std::numeric_limits<std::uint64_t>::max();
  given.input.input_ids = {2, 7, 3};
  given.input.type_ids = {0, 0, 1};
  given.method.is_signed = false;
  given.method.options = {
      {"z", true}, {"a", 0.5}, {"m", std::int64_t{3}}, {"b", std::string("text")}, {"c", 2.0}};
  given.output = OutputSummary{"", {5, 6}};
  given.masks = {"0110000000000000000000", "1000000000000000000001"};
  given.layers = {{"contributions", {1, 2}, {0.25F, 0.75F}},
                  {"rollout", {1, 2}, {}, "r.layers.npz", "0/rollout"}};
  given.units[1].name = "stress";
  given.prediction.tokens = {{2, 7, "LOC", 0.75F}, {24, 8, "next", 0.5F}};
  Attribution& attribution = given.attributions[0];
  attribution.position = 24;
  attribution.versus = "negative";
  attribution.value = std::numeric_limits<double>::quiet_NaN();
  attribution.standard_error = std::vector<float>(22, 0.125F);
  attribution.values = std::vector<float>(48, 1.0F / 3);
  const Explanation back = read(line(given));
  EXPECT_EQ(line(back), line(given));
  EXPECT_EQ(back.seed, given.seed);
  EXPECT_EQ(back.input.input_ids, given.input.input_ids);
  EXPECT_EQ(back.input.type_ids, given.input.type_ids);
  EXPECT_FALSE(back.method.is_signed);
  EXPECT_EQ(back.method.options, given.method.options);
  EXPECT_EQ(back.units[1].name, "stress");
  EXPECT_EQ(back.output->ids, given.output->ids);
  EXPECT_EQ(back.attributions[0].position, 24);
  EXPECT_TRUE(std::isnan(back.attributions[0].value));
  EXPECT_EQ(back.attributions[0].values, attribution.values);
}

TEST(Saved, fields_of_the_future_are_passed_over) {
  const std::string text = line(samples::review());
  const std::string more = replaced(text, "\"seed\":", "\"later\":{\"a\":[1]},\"seed\":");
  EXPECT_EQ(line(read(more)), text);
}

TEST(Saved, what_is_no_explanation_is_refused) {
  EXPECT_EQ(error_of("[1]"),
            "[saved] this is no JSON object; expected \"schema\": \"ascribo.explanation/1\". Hint: "
            "ascribo explain --output FILE.jsonl writes such files");
  EXPECT_EQ(error_of(R"({"text": "good"})"),
            "[saved] this has no \"schema\"; expected \"schema\": \"ascribo.explanation/1\". Hint: "
            "ascribo explain --output FILE.jsonl writes such files");
  EXPECT_EQ(error_of(R"({"schema": "ascribo.explanation/2"})"),
            "[saved] \"schema\" holds \"ascribo.explanation/2\"; expected \"schema\": "
            "\"ascribo.explanation/1\". Hint: ascribo explain --output FILE.jsonl writes such "
            "files");
  EXPECT_EQ(error_of(R"({"schema": "ascribo.explanation/1"})"),
            "[saved] the document has no \"model\"; expected that key.");
}

TEST(Saved, parts_that_do_not_fit_are_refused) {
  Explanation explanation = samples::explained("a b", {1.0F, 2.0F});
  explanation.masks = {"01"};
  const std::string text = line(explanation);
  const auto changed = [&](const std::string& from, const std::string& to) {
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return error_of(replaced(text, from, to));
  };
  EXPECT_EQ(changed("[1.0,2.0]", "[1.0]"),
            "[saved] target \"positive\" has 1 scores; expected one for each of 2 units. Hint: was "
            "the file edited?");
  EXPECT_EQ(changed("\"tokens\":[2]", "\"tokens\":[4]"),
            "[saved] unit \"b\" names token 4; there are 4 tokens. Hint: was the file edited?");
  EXPECT_EQ(changed("\"start\":2,\"end\":3", "\"start\":2,\"end\":9"),
            "[saved] token 2 stands at 2 to 9; expected offsets in a text of 3 code points. Hint: "
            "was the file edited?");
  EXPECT_EQ(changed("\"position\":null", "\"position\":5"),
            "[saved] target \"positive\" names token 5; there are 4 tokens. Hint: was the file "
            "edited?");
  EXPECT_EQ(changed("\"standard_error\":null", "\"standard_error\":[0.5]"),
            "[saved] target \"positive\" has 1 standard errors; expected one for each of 2 units. "
            "Hint: was the file edited?");
  EXPECT_EQ(changed("\"masks\":[\"01\"]", "\"masks\":[\"011\"]"),
            "[saved] a mask has 3 characters; expected one for each of 2 units. Hint: was the file "
            "edited?");
  EXPECT_EQ(changed("\"side\":\"text\"", "\"side\":\"left\""),
            "[saved] \"side\" holds \"left\"; expected text, pair or output.");
  EXPECT_EQ(changed("\"steps\":50", "\"steps\":[50]"),
            "[saved] the option \"steps\" holds [50]; expected a text, a number, true or false.");
}

TEST_F(SavedFile, lines_and_arrays_are_read) {
  const std::string first = line(samples::data_set_row(0)), second = line(samples::data_set_row(1));
  const auto lines = SavedExplanations::open(write("a.jsonl", first + "\n" + second));
  EXPECT_EQ(line(*lines->next()), first);
  EXPECT_EQ(line(*lines->next()), second);
  EXPECT_THAT(lines->where(), testing::EndsWith("a.jsonl line 3"));
  EXPECT_FALSE(lines->next());
  const auto array = SavedExplanations::open(write("a.json", "\n[\n" + first + "," + second + "]"));
  EXPECT_EQ(line(*array->next()), first);
  EXPECT_EQ(line(*array->next()), second);
  EXPECT_THAT(array->where(), testing::EndsWith("a.json number 2"));
  EXPECT_FALSE(array->next());
  EXPECT_FALSE(SavedExplanations::open(write("none.jsonl", "\n"))->next());
}

TEST_F(SavedFile, a_truncated_file_names_its_line_and_the_rest_is_read) {
  const std::string whole = line(samples::review());
  const auto file = write("cut.jsonl", whole + whole.substr(0, 500) + "\n" + whole);
  const auto saved = SavedExplanations::open(file);
  EXPECT_TRUE(saved->next());
  try {
    saved->next();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "[" + file.string() +
                                " line 2] this cannot be read as JSON: a string has no closing "
                                "quote; expected one JSON document.");
  }
  EXPECT_TRUE(saved->next());
  EXPECT_THROW(SavedExplanations::open(write("cut.json", "[" + whole)), Error);
}

TEST_F(SavedFile, a_file_that_is_not_there_is_refused) {
  try {
    SavedExplanations::open("nowhere.jsonl");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_STREQ(error.what(),
                 "[dataset] there is no file nowhere.jsonl; expected a file to read.");
  }
}

struct GoldenCase {
  std::string folder, text, method;
  OptionValues options;
};

class SavedGolden : public testing::TestWithParam<GoldenCase> {};

TEST_P(SavedGolden, comes_back_as_it_was) {
  const GoldenCase& given = GetParam();
  const Subject subject = Subject::open(test::source_folder() / "tests/golden" / given.folder);
  Input input{given.text};
  if (given.folder == "bert-relu-pair") input.pair = "an animal is awake";
  if (given.folder == "gpt2-lm") input.continuation = " and warm";
  if (given.folder.ends_with("-qa")) input.pair = "an animal is awake";
  expect_the_same(subject.explain(input, {given.method, {"predicted"}, given.options}));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, SavedGolden,
    testing::Values(
        GoldenCase{"bert-cls", "a gripping film", "integrated_gradients", {}},
        GoldenCase{"bert-regression", "a gripping film", "occlusion", {}},
        GoldenCase{"bert-relu-pair", "the cat sleeps", "saliency", {}},
        GoldenCase{"bert-ner", "Anna lives in Paris", "input_x_gradient", {}},
        GoldenCase{"bert-qa", "what sleeps", "kernel_shap", {{"samples", "64"}}},
        GoldenCase{"bert-mlm", "a [MASK] film", "sobol", {{"samples", "8"}, {"keep_masks", "yes"}}},
        GoldenCase{"roberta-cls", "a caf\xC3\xA9 \xF0\x9F\x99\x82", "lime", {}},
        GoldenCase{"gpt2-lm", "the film is", "integrated_gradients", {}}),
    [](const auto& info) { return replaced(info.param.folder, "-", "_"); });

}  // namespace
}  // namespace ascribo

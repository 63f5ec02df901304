// SPDX-License-Identifier: MIT
// Options declared once: parsing, reporting, describing, and what mistakes say.
#include "ascribo/base/option_set.h"

#include <gmock/gmock.h>

#include <limits>

#include "ascribo/base/error.h"

namespace ascribo {

enum class Shade { kLight, kDark, kVeryDark };
template <>
struct EnumNames<Shade> {
  static constexpr std::array<std::string_view, 3> kNames{"light", "dark", "very_dark"};
};

namespace {

using testing::ElementsAre;
using testing::Pair;

struct Sample {
  bool sharp = false;
  std::int64_t steps = 50;
  std::uint64_t seed = 0;
  double width = 0.5;
  std::string title = "none";
  Shade shade = Shade::kDark;
  std::optional<bool> keep;
  std::optional<std::int64_t> limit;
  std::optional<Shade> outline;
  std::vector<std::string> tags;
};

const OptionSet<Sample>& sample_options() {
  static const auto kSet =
      OptionSet<Sample>()
          .add("sharp", &Sample::sharp, "hard edges")
          .add("steps", &Sample::steps, "how many")
          .check([](std::int64_t n) { return n >= 1; }, "expected at least 1")
          .add("seed", &Sample::seed, "where chance begins")
          .add("width", &Sample::width, "of the pen")
          .check([](const double& w) { return w > 0; }, "expected more than 0")
          .add("title", &Sample::title, "above it")
          .add("shade", &Sample::shade, "of the whole")
          .add("keep", &Sample::keep, "keep the frame")
          .add("limit", &Sample::limit, "stop there")
          .check([](std::int64_t n) { return n < 10; }, "expected less than 10")
          .add("outline", &Sample::outline, "of the edges")
          .add("tags", &Sample::tags, "may repeat");
  return kSet;
}

Sample parse(const OptionValues& values) { return sample_options().parse("sample", values); }

std::string message(const OptionValues& values, Code code = Code::kInvalidArgument) {
  try {
    parse(values);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(OptionSet, NothingGivenMeansDefaults) {
  const Sample sample = parse({});
  EXPECT_EQ(sample.steps, 50);
  EXPECT_EQ(sample.shade, Shade::kDark);
  EXPECT_FALSE(sample.keep);
}

TEST(OptionSet, ParsesEveryType) {
  const Sample sample = parse({{"sharp", "yes"},
                               {"steps", "7"},
                               {"seed", "18446744073709551615"},
                               {"width", "1e-3"},
                               {"title", ""},
                               {"shade", "very_dark"},
                               {"keep", "no"},
                               {"limit", "-4"},
                               {"outline", "light"},
                               {"tags", "a,b\n\nc"}});
  EXPECT_TRUE(sample.sharp);
  EXPECT_EQ(sample.steps, 7);
  EXPECT_EQ(sample.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(sample.width, 1e-3);
  EXPECT_EQ(sample.title, "");
  EXPECT_EQ(sample.shade, Shade::kVeryDark);
  EXPECT_EQ(sample.keep, false);
  EXPECT_EQ(sample.limit, -4);
  EXPECT_EQ(sample.outline, Shade::kLight);
  EXPECT_THAT(sample.tags, ElementsAre("a,b", "", "c"));
}

TEST(OptionSet, FlagsAcceptSixSpellings) {
  for (const char* yes : {"yes", "true", "1"}) EXPECT_TRUE(parse({{"sharp", yes}}).sharp);
  for (const char* no : {"no", "false", "0"}) EXPECT_FALSE(parse({{"sharp", no}}).sharp);
  EXPECT_EQ(message({{"sharp", "maybe"}}), "[sample] sharp is \"maybe\"; expected yes or no.");
  message({{"sharp", ""}});
}

TEST(OptionSet, NumbersAreReadWholly) {
  EXPECT_EQ(message({{"steps", "12x"}}), "[sample] steps is \"12x\"; expected a whole number.");
  for (const char* bad : {"", " 1", "1 ", "1.5", "0x10", "99999999999999999999", "--1"}) {
    message({{"steps", bad}});
  }
  EXPECT_EQ(message({{"seed", "-1"}}),
            "[sample] seed is \"-1\"; expected a whole number from 0 to 2^64 - 1.");
  EXPECT_EQ(message({{"width", "nan"}}), "[sample] width is \"nan\"; expected a number.");
  for (const char* bad : {"", "inf", "-inf", "1e999", "1,5", "0.5f"}) message({{"width", bad}});
}

TEST(OptionSet, ChecksSayWhatTheyExpect) {
  EXPECT_EQ(message({{"steps", "0"}}), "[sample] steps is \"0\"; expected at least 1.");
  EXPECT_EQ(message({{"width", "0"}}), "[sample] width is \"0\"; expected more than 0.");
  EXPECT_EQ(message({{"limit", "10"}}), "[sample] limit is \"10\"; expected less than 10.");
}

TEST(OptionSet, UnknownChoicesNameTheNearest) {
  EXPECT_EQ(message({{"shade", "drak"}}),
            "[sample] shade is \"drak\"; expected light, dark or very_dark. "
            "Hint: did you mean \"dark\"?");
  EXPECT_EQ(message({{"shade", "purple"}}),
            "[sample] shade is \"purple\"; expected light, dark or very_dark.");
}

TEST(OptionSet, UnknownOptionsNameTheNearest) {
  EXPECT_EQ(message({{"step", "5"}}, Code::kUnknownName),
            "[sample] there is no option \"step\"; expected one of sharp, steps, seed, width, "
            "title, shade, keep, limit, outline or tags. Hint: did you mean \"steps\"?");
  try {
    OptionSet<Sample>().parse("bare", {{"x", "1"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[bare] there is no option \"x\"; expected no options.");
  }
}

TEST(OptionSet, DescribesItself) {
  const auto infos = sample_options().describe();
  ASSERT_EQ(infos.size(), 10U);
  std::vector<std::string> types, defaults;
  for (const OptionInfo& info : infos) {
    types.push_back(info.type);
    defaults.push_back(info.default_value);
    EXPECT_EQ(info.repeatable, info.name == "tags");
  }
  EXPECT_THAT(types, ElementsAre("flag", "int", "int", "float", "text", "choice", "flag", "int",
                                 "choice", "list"));
  EXPECT_THAT(defaults, ElementsAre("no", "50", "0", "0.5", "none", "dark", "", "", "", ""));
  EXPECT_THAT(infos[5].choices, ElementsAre("light", "dark", "very_dark"));
  EXPECT_THAT(infos[8].choices, ElementsAre("light", "dark", "very_dark"));
  EXPECT_EQ(infos[1].help, "how many");
  EXPECT_TRUE(sample_options().has("steps"));
  EXPECT_FALSE(sample_options().has("Steps"));
}

TEST(OptionSet, ReportsValuesInOrderWithoutUnsetOnes) {
  Sample sample;
  sample.seed = std::numeric_limits<std::uint64_t>::max();
  sample.outline = Shade::kLight;
  sample.tags = {"a", "b"};
  const auto values = sample_options().values(sample);
  EXPECT_THAT(
      values,
      ElementsAre(Pair("sharp", OptionValue(false)), Pair("steps", OptionValue(std::int64_t{50})),
                  Pair("seed", OptionValue(std::string("18446744073709551615"))),
                  Pair("width", OptionValue(0.5)), Pair("title", OptionValue(std::string("none"))),
                  Pair("shade", OptionValue(std::string("dark"))),
                  Pair("outline", OptionValue(std::string("light"))),
                  Pair("tags", OptionValue(std::string("a,b")))));
}

TEST(EnumNames, GoBothWays) {
  EXPECT_EQ(enum_name(Shade::kVeryDark), "very_dark");
  EXPECT_EQ(parse_enum<Shade>("x", "light"), Shade::kLight);
  try {
    parse_enum<Shade>("x", "lihgt");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_STREQ(error.what(),
                 "[x] \"lihgt\"; expected light, dark or very_dark. Hint: did you mean \"light\"?");
  }
}

}  // namespace
}  // namespace ascribo

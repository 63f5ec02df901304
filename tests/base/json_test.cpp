// SPDX-License-Identifier: MIT
// Reading JSON: kinds, look-ups, limits, and what bad documents say.
#include "ascribo/base/json.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kBadFile);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

std::string parse_message(std::string_view text) {
  return message_of([&] { Json::parse(text, "f.json"); });
}

TEST(Json, KnowsEveryKind) {
  const Json json = Json::parse(
      R"({"n": null, "b": true, "i": -7, "u": 18446744073709551615, "d": 2.5, "s": "é", "a": [],)"
      R"( "o": {}})",
      "f");
  EXPECT_TRUE(json.is_object());
  EXPECT_TRUE(json.at("n").is_null());
  EXPECT_EQ(json.at("b").kind(), Json::Kind::kBool);
  EXPECT_TRUE(json.at("b").boolean());
  EXPECT_EQ(json.at("i").kind(), Json::Kind::kInteger);
  EXPECT_EQ(json.at("i").integer(), -7);
  EXPECT_EQ(json.at("i").number(), -7.0);
  EXPECT_EQ(json.at("u").kind(), Json::Kind::kInteger);
  EXPECT_EQ(json.at("d").kind(), Json::Kind::kNumber);
  EXPECT_TRUE(json.at("i").is_number() && json.at("d").is_number());
  EXPECT_EQ(json.at("s").string(), "é");
  EXPECT_TRUE(json.at("a").is_array());
  EXPECT_EQ(json.at("o").size(), 0U);
}

TEST(Json, WholeNumbersWithAFractionAreIntegers) {
  EXPECT_EQ(Json::parse("2.0", "f").integer(), 2);
  EXPECT_EQ(Json::parse("-1e3", "f").integer(), -1000);
  EXPECT_THAT(message_of([] { Json::parse(R"({"x": 2.5})", "f").at("x").integer(); }),
              HasSubstr("[f] \"x\" holds 2.5; expected an integer of 64 bits."));
  message_of([] { Json::parse("1e19", "f").integer(); });
  message_of([] { Json::parse("18446744073709551615", "f").integer(); });
}

TEST(Json, IntegersBeyond64BitsBecomeNumbers) {
  // transformers writes int(1e30) for "no limit".
  const Json json = Json::parse(
      R"({"model_max_length": 1000000000000000019884624838656, "s": "1000000000000000000000000",)"
      R"( "n": -340282366920938463463374607431768211456, "t": "a\"99999999999999999999999"})",
      "f");
  EXPECT_DOUBLE_EQ(json.at("model_max_length").number(), 1e30);
  EXPECT_DOUBLE_EQ(json.at("n").number(), -3.402823669209384634e38);
  EXPECT_EQ(json.at("s").string(), "1000000000000000000000000");
  EXPECT_EQ(json.at("t").string(), "a\"99999999999999999999999");
}

TEST(Json, FindsMembers) {
  const Json json = Json::parse(R"({"a": 1, "none": null, "b": {"c": [10, 20]}})", "f");
  EXPECT_EQ(json.find("a")->integer(), 1);
  EXPECT_FALSE(json.find("none"));
  EXPECT_FALSE(json.find("zz"));
  EXPECT_TRUE(json.at("none").is_null());
  EXPECT_EQ(json.at("b").at("c").at(1).integer(), 20);
  EXPECT_EQ(json.at("b").at("c").size(), 2U);
  EXPECT_EQ(json.size(), 3U);
  EXPECT_EQ(message_of([&] { json.at("zz"); }),
            "[f] the document has no \"zz\"; expected that key.");
  EXPECT_EQ(message_of([&] { json.at("b").at("d"); }),
            "[f] \"b\" has no \"d\"; expected that key.");
  EXPECT_EQ(message_of([&] { json.at("b").at("c").at(2); }),
            "[f] \"c\" holds an array of 2 elements; expected at least 3.");
}

TEST(Json, ShorthandsFallBack) {
  const Json json = Json::parse(R"({"i": 3, "d": 0.5, "b": false, "s": "x", "n": null})", "f");
  EXPECT_EQ(json.integer_or("i", 9), 3);
  EXPECT_EQ(json.integer_or("n", 9), 9);
  EXPECT_EQ(json.number_or("d", 9), 0.5);
  EXPECT_EQ(json.number_or("q", 9), 9.0);
  EXPECT_FALSE(json.boolean_or("b", true));
  EXPECT_TRUE(json.boolean_or("q", true));
  EXPECT_EQ(json.string_or("s", "y"), "x");
  EXPECT_EQ(json.string_or("q", "y"), "y");
}

TEST(Json, WrongKindsNameDocumentAndKey) {
  const Json json = Json::parse(R"({"hidden_size": "big", "list": [1]})", "config.json");
  EXPECT_EQ(message_of([&] { json.at("hidden_size").integer(); }),
            "[config.json] \"hidden_size\" holds a string; expected an integer.");
  message_of([&] { json.at("hidden_size").number(); });
  message_of([&] { json.at("hidden_size").boolean(); });
  message_of([&] { json.at("hidden_size").find("x"); });
  message_of([&] { json.at("hidden_size").at(std::size_t{0}); });
  message_of([&] { json.at("hidden_size").members([](std::string_view, const Json&) {}); });
  EXPECT_EQ(message_of([&] { json.at("list").at(std::size_t{0}).string(); }),
            "[config.json] \"list\" holds an integer; expected a string.");
  EXPECT_EQ(message_of([&] { json.elements([](const Json&) {}); }),
            "[config.json] the document holds an object; expected an array.");
}

TEST(Json, IteratesInDocumentOrder) {
  const Json json = Json::parse(R"({"z": 1, "a": [1, [2, 3]], "m": {"k": true}})", "f");
  std::vector<std::string> keys;
  std::vector<Json> kept;
  json.members([&](std::string_view key, const Json& value) {
    keys.emplace_back(key);
    kept.push_back(value);
  });
  EXPECT_THAT(keys, ElementsAre("z", "a", "m"));
  EXPECT_EQ(kept[0].integer(), 1);
  EXPECT_EQ(kept[1].dump(), "[1,[2,3]]");
  EXPECT_EQ(kept[2].dump(), R"({"k":true})");
}

TEST(Json, HandlesOutliveTheFirstOne) {
  std::optional<Json> inner;
  std::string_view text;
  {
    const Json json = Json::parse(R"({"a": {"b": "a string that is kept"}})", "f");
    inner = json.at("a");
    text = json.at("a").at("b").string();
  }
  EXPECT_EQ(text, "a string that is kept");
  EXPECT_EQ(inner->dump(), R"({"b":"a string that is kept"})");
}

TEST(Json, VisitsTheElementsOfAnArrayInPairs) {
  const Json json = Json::parse(R"([["a", 1], "b c", [], ["d", 2.5], [1, 2, 3]])", "f");
  std::string seen;
  json.pairs(
      [&](const Json& first, const Json& second) {
        seen += "(" + std::string(first.string()) + "," + second.dump() + ")";
      },
      [&](const Json& other) { seen += other.dump(); });
  EXPECT_EQ(seen, "(a,1)\"b c\"[](d,2.5)[1,2,3]");
  const auto ignore = [](const auto&...) {};
  EXPECT_EQ(message_of([&] { Json::parse("{}", "f").pairs(ignore, ignore); }),
            "[f] the document holds an object; expected an array.");
}

TEST(Json, SkipsAByteOrderMark) { EXPECT_EQ(Json::parse("\xEF\xBB\xBF[1]", "f").size(), 1U); }

TEST(Json, BrokenDocumentsSayWhy) {
  EXPECT_EQ(parse_message(""),
            "[f.json] this cannot be read as JSON: it is empty; expected one JSON document.");
  EXPECT_THAT(parse_message("\"\xFF\""), HasSubstr("not valid UTF-8"));
  EXPECT_THAT(parse_message(R"({"a": "b)"), HasSubstr("no closing quote"));
  EXPECT_THAT(parse_message(R"({"a": 1)"), HasSubstr("cannot be read as JSON"));
  EXPECT_THAT(parse_message("[1,]"), HasSubstr("cannot be read as JSON"));
  EXPECT_THAT(parse_message("[1] [2]"), HasSubstr("cannot be read as JSON"));
  EXPECT_THAT(parse_message("[01]"), HasSubstr("a number is malformed"));
  EXPECT_THAT(parse_message("[1-]"), HasSubstr("cannot be read as JSON"));
  EXPECT_THAT(parse_message("[\"a\nb\"]"), HasSubstr("control character"));
}

TEST(Json, DeepNestingIsRefused) {
  EXPECT_THAT(parse_message(std::string(2000, '[') + std::string(2000, ']')),
              HasSubstr("nested more than 1024 deep"));
  const std::string fine = std::string(1000, '[') + std::string(1000, ']');
  EXPECT_EQ(Json::parse(fine, "f").size(), 1U);
}

TEST(Json, DuplicateKeysAreRefusedAnywhere) {
  EXPECT_EQ(parse_message(R"({"a": 1, "b": 2, "a": 3})"),
            "[f.json] the key \"a\" occurs twice; expected every key of an object once.");
  parse_message(R"([1, [{"x": {"q": 1, "q": 1}}]])");
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"key" + std::to_string(i) + "\": 0, ";
  EXPECT_EQ(Json::parse(many + "\"last\": 0}", "f").size(), 1001U);
  EXPECT_THAT(parse_message(many + "\"key500\": 0}"), HasSubstr("\"key500\" occurs twice"));
}

}  // namespace
}  // namespace ascribo

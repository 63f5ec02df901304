// SPDX-License-Identifier: MIT
// Units that the user names: which tokens they hold, what is left over, and what is refused.
#include "ascribo/explain/inputs/spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/utf8.h"
#include "ascribo/explain/method.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Tokens with these offsets, between two special ones; those of the pair come after the text's.
Encoding encoding_of(const std::vector<Encoding::Offset>& text,
                     const std::vector<Encoding::Offset>& pair = {}) {
  Encoding encoding;
  const auto add = [&](Encoding::Offset offset, std::optional<int> side) {
    encoding.ids.push_back(0);
    encoding.tokens.push_back("t" + std::to_string(encoding.tokens.size()));
    encoding.offsets.push_back(offset);
    encoding.sides.push_back(side);
    encoding.special.push_back(!side);
  };
  add({}, {});
  for (const Encoding::Offset& offset : text) add(offset, 0);
  add({}, {});
  for (const Encoding::Offset& offset : pair) add(offset, 1);
  return encoding;
}

using Tokens = std::vector<std::int64_t>;

TEST(Spans, HoldTheTokensThatTheyOverlap) {
  // "one twothree  four": a token of two words' parts, one of white space, one that begins with it.
  const Encoding encoding = encoding_of({{0, 3}, {3, 7}, {7, 12}, {12, 13}, {13, 18}});
  const SpanUnits made =
      make_span_units(encoding, {{"last", Side::kText, 14, 17}, {"first", Side::kText, 5, 12}},
                      "one twothree  four", {});
  EXPECT_THAT(made.names, ElementsAre("first", "last"));
  ASSERT_EQ(made.units.units.size(), 2U);
  EXPECT_EQ(made.units.units[0].tokens, (Tokens{2, 3}));
  EXPECT_EQ(made.units.units[0].start, 5);
  EXPECT_EQ(made.units.units[0].end, 12);
  EXPECT_EQ(made.units.units[1].tokens, Tokens{5});
  EXPECT_EQ(made.outside, (Tokens{1, 4}));
  EXPECT_EQ(made.units.special, (Tokens{0, 6}));
}

TEST(Spans, MayMeetInWhiteSpaceThatBelongsToAToken) {
  const Encoding encoding = encoding_of({{0, 3}, {3, 7}});  // "one two", the second with its space
  for (const std::int64_t border : {3, 4}) {
    const SpanUnits made = make_span_units(
        encoding, {{"a", Side::kText, 0, border}, {"b", Side::kText, border, 7}}, "one two", {});
    EXPECT_EQ(made.units.units[0].tokens, Tokens{1});
    EXPECT_EQ(made.units.units[1].tokens, Tokens{2});
  }
}

TEST(Spans, CountCodePointsOfTheirSide) {
  const Encoding encoding = encoding_of({{0, 2}, {3, 6}}, {{0, 3}, {4, 5}});
  const SpanUnits made =
      make_span_units(encoding, {{"a", Side::kPair, 4, 5}, {"b", Side::kText, 3, 6}},
                      "\u00e9\u00e8 \U0001F600\u4e00!", "one \u00fc");
  EXPECT_THAT(made.names, ElementsAre("b", "a"));
  EXPECT_EQ(made.units.units[0].tokens, Tokens{2});
  EXPECT_EQ(made.units.units[1].tokens, Tokens{5});
  EXPECT_EQ(made.units.units[1].side, 1);
  EXPECT_EQ(made.outside, (Tokens{1, 4}));
}

std::string refusal(const std::vector<Span>& spans, const std::optional<std::string>& pair = {}) {
  const Encoding encoding = encoding_of({{0, 3}, {4, 7}, {7, 12}});
  return error_of(Code::kInvalidArgument,
                  [&] { make_span_units(encoding, spans, "one two-three ", pair); });
}

TEST(Spans, ThatAreNoUnitsAreRefused) {
  EXPECT_EQ(refusal({}),
            "[spans] the text has no spans; expected {{name: words}} in it, or spans given beside "
            "it.");
  EXPECT_EQ(refusal({{"a", Side::kText, 3, 15}}),
            "[spans] \"a\" goes from 3 to 15; expected a stretch of the text, which has 14 "
            "characters.");
  EXPECT_THAT(refusal({{"a", Side::kText, -1, 3}}), HasSubstr("\"a\" goes from -1 to 3"));
  EXPECT_EQ(refusal({{"a", Side::kText, 3, 3}}),
            "[spans] \"a\" goes from 3 to 3; expected an end that is behind the start.");
  EXPECT_THAT(refusal({{"a", Side::kText, 4, 3}}), HasSubstr("expected an end that is behind"));
  EXPECT_EQ(refusal({{"b", Side::kText, 2, 7}, {"a", Side::kText, 0, 3}}),
            "[spans] \"a\" and \"b\" overlap; expected spans that do not. Hint: the first ends at "
            "3, the second begins at 2");
  EXPECT_EQ(
      refusal({{"a", Side::kText, 0, 5}, {"b", Side::kText, 5, 7}}),
      "[spans] the token \"t2\", from 4 to 7, lies in \"a\" and in \"b\"; expected spans that "
      "meet where a token ends.");
  EXPECT_EQ(refusal({{"a", Side::kText, 0, 3}, {"b", Side::kText, 3, 4}}),
            "[spans] no token lies in \"b\"; expected spans with text in them. Hint: it may be "
            "white space, or the text may have been cut before it");
  EXPECT_EQ(refusal({{"a", Side::kPair, 0, 3}}),
            "[spans] \"a\" is in the pair; expected spans of the text: no pair is explained.");
  EXPECT_THAT(refusal({{"a", Side::kPair, 0, 9}}, "short"),
              HasSubstr("expected a stretch of the pair, which has 5 characters"));
  EXPECT_EQ(refusal({{"a", Side::kOutput, 0, 3}}),
            "[spans] \"a\" is in the output; expected spans of the text or the pair.");
}

std::string show(const Span& span) {
  return span.name + (span.side == Side::kPair ? " pair " : " ") + std::to_string(span.start) +
         "-" + std::to_string(span.end);
}

TEST(Marks, AreCutOutAndBecomeSpans) {
  const Input input = cut_marks(
      {.text = "\u00e9t\u00e9 {{a: one two}}, {{ b c :{x: {y}}}}{{a:3}}.", .pair = "{{q:  why}}?"});
  EXPECT_EQ(input.text, "\u00e9t\u00e9 one two, {x: {y}}3.");
  EXPECT_EQ(input.pair, "why?");
  std::vector<std::string> spans;
  for (const Span& span : input.spans) spans.push_back(show(span));
  EXPECT_THAT(spans, ElementsAre("a 4-11", "b c 13-21", "a 21-22", "q pair 0-3"));
  EXPECT_THAT(cut_marks({.text = "no { } marks }}"}).spans, IsEmpty());
}

TEST(Marks, ThatAreNotClosedOrNamedAreRefused) {
  const auto refused = [](const char* text) {
    return error_of(Code::kInvalidArgument, [&] { cut_marks({.text = text}); });
  };
  EXPECT_EQ(
      refused("a {{b: c"),
      "[spans] a mark is not closed: \"{{b: c\"; expected {{name: words}}. Hint: --spans names "
      "the stretches of a text that has braces");
  for (const char* text : {"{{words}}", "{{: words}}", "{{ : x}}", "{{a {{b: c}}}}", "{{}}"}) {
    EXPECT_THAT(refused(text), HasSubstr("[spans] a mark is {{")) << text;
  }
  EXPECT_THAT(error_of(Code::kInvalidArgument, [] { cut_marks({.text = "x", .pair = "{{"}); }),
              HasSubstr("a mark is not closed"));
}

/// A golden classifier and one of its texts.
class SpanUnitsOfATask : public testing::Test {
 protected:
  const test::Golden golden{"bert-cls"};
  const Subject subject = Subject::open(golden.folder);
  const std::string text{golden.cases[0].at("text").string()};

  Explanation explain(const Input& input, const std::string& method, OptionValues options) const {
    return subject.explain(input, {.method = method, .options = std::move(options)});
  }
};

// Spans that are the words get what words get: no method knows the difference.
TEST_F(SpanUnitsOfATask, WorkForEveryMethod) {
  for (const Method* method : methods()) {
    if (method->scope == Scope::kPreNorm) continue;  // this model's layers end with a norm
    const std::string name(method->name);
    const Explanation words = explain({.text = text}, name, {});
    Input input{.text = text};
    for (const UnitInfo& unit : words.units) {
      input.spans.push_back({"w", unit.side, unit.start, unit.end});
    }
    const Explanation spans = explain(input, name, {});
    EXPECT_EQ(spans.unit, "span");
    EXPECT_EQ(spans.attributions[0].scores, words.attributions[0].scores) << name;
    EXPECT_EQ(spans.attributions[0].special, words.attributions[0].special) << name;
    EXPECT_THAT(spans.notes, testing::Not(testing::Contains(HasSubstr("in no span")))) << name;
  }
}

// The score of a span is the sum of its tokens', and the remainder that of all others.
TEST_F(SpanUnitsOfATask, LoseNothing) {
  const Explanation tokens =
      explain({.text = text}, "integrated_gradients", {{"unit", "all_tokens"}});
  const std::int64_t third = tokens.tokens[3].start, fifth = tokens.tokens[5].end;
  const Explanation spans = explain(
      {.text = text, .spans = {{"middle", Side::kText, third, fifth}}}, "integrated_gradients", {});
  double inside = 0, outside = 0;
  for (std::size_t i = 0; i < tokens.tokens.size(); ++i) {
    (i >= 3 && i <= 5 ? inside : outside) += tokens.attributions[0].scores[i];
  }
  EXPECT_EQ(spans.units[0].name, "middle");
  EXPECT_EQ(spans.units[0].tokens, (Tokens{3, 4, 5}));
  EXPECT_NEAR(spans.attributions[0].scores[0], inside, 1e-6);
  EXPECT_NEAR(*spans.attributions[0].special, outside, 1e-6);
  EXPECT_THAT(spans.notes, testing::Contains(std::to_string(tokens.tokens.size() - 5) +
                                             " tokens are in no span and belong to the remainder"));
}

TEST_F(SpanUnitsOfATask, KeptSpecialTokensLeaveTheOthersInTheRemainder) {
  const Explanation plain = explain({.text = text}, "saliency", {{"unit", "all_tokens"}});
  const Explanation kept = explain({.text = text, .spans = {{"a", Side::kText, 0, 3}}}, "saliency",
                                   {{"special", "keep"}});
  ASSERT_EQ(kept.units.size(), 3U);
  EXPECT_EQ(kept.units[0].name, "");
  EXPECT_EQ(kept.units[0].text, plain.units.front().text);
  EXPECT_EQ(kept.units[1].name, "a");
  EXPECT_EQ(kept.attributions[0].scores[0], plain.attributions[0].scores.front());
  EXPECT_EQ(kept.attributions[0].scores[2], plain.attributions[0].scores.back());
  EXPECT_TRUE(kept.attributions[0].special.has_value());
}

TEST_F(SpanUnitsOfATask, MarksAreCutOutOfWhatTheModelSees) {
  const std::string first = text.substr(0, text.find(' ')), rest = text.substr(first.size());
  const Explanation marked =
      explain({.text = "{{first: " + first + "}}" + rest}, "occlusion", {{"unit", "span"}});
  const auto length = static_cast<std::int64_t>(count_code_points(first));
  const Explanation given =
      explain({.text = text, .spans = {{"first", Side::kText, 0, length}}}, "occlusion", {});
  EXPECT_EQ(marked.input.text, text);
  EXPECT_EQ(marked.attributions[0].scores, given.attributions[0].scores);
  EXPECT_EQ(marked.units[0].name, "first");
  EXPECT_EQ(marked.units[0].text, first);
}

TEST_F(SpanUnitsOfATask, WindowsKeepThem) {
  const Span all{"all", Side::kText, 0, count_code_points(text)};
  const Explanation whole =
      explain({.text = text, .spans = {all}}, "input_x_gradient", {{"window", "5"}});
  const Explanation words = explain({.text = text}, "input_x_gradient", {{"window", "5"}});
  double sum = 0;
  for (const float score : words.attributions[0].scores) sum += score;
  ASSERT_EQ(whole.units.size(), 1U);
  EXPECT_NEAR(whole.attributions[0].scores[0], sum, 1e-6);
}

TEST_F(SpanUnitsOfATask, ContradictionsAreRefused) {
  const std::vector<Span> spans{{"a", Side::kText, 0, 3}};
  EXPECT_EQ(error_of(Code::kInvalidArgument,
                     [&] {
                       explain({.text = text, .spans = spans}, "saliency", {{"unit", "word"}});
                     }),
            "[spans] spans were given, and unit word; expected one of them. Hint: unit span");
  EXPECT_EQ(error_of(Code::kInvalidArgument,
                     [&] {
                       explain({.input_ids = {5, 6}, .spans = spans}, "saliency", {});
                     }),
            "[spans] input_ids were given; expected a text that spans count in.");
  EXPECT_THAT(error_of(Code::kInvalidArgument,
                       [&] {
                         explain({.text = text}, "saliency", {{"unit", "span"}});
                       }),
              HasSubstr("[spans] the text has no spans"));
}

}  // namespace
}  // namespace ascribo

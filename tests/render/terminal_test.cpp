// SPDX-License-Identifier: MIT
// The coloured text and the lines of evidence, as bytes on a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <sstream>

#include "ascribo/render/renderer.h"
#include "ascribo/render/wrap.h"
#include "plain_text.h"
#include "samples.h"

namespace ascribo {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string shown(const Explanation& explanation, ColorDepth color, int width = 80,
                  Palette palette = Palette::kGreenRed, Ground ground = Ground::kDark) {
  RenderOptions options;
  options.color = color;
  options.width = width;
  options.palette = palette;
  options.ground = ground;
  return render(find_renderer("terminal"), explanation, options);
}

TEST(Terminal, shows_the_text_as_it_was_given) {
  const Explanation explanation =
      samples::explained("  two  spaces,\n then  日本 and café ", std::vector<float>(6, 1.0F));
  for (ColorDepth color : {ColorDepth::k24Bit, ColorDepth::k256}) {
    const std::string text = without_escapes(shown(explanation, color, 1000));
    EXPECT_THAT(text, HasSubstr("    two  spaces,\n   then  日本 and café \n"));
  }
}

TEST(Terminal, wraps_at_the_width_and_loses_nothing) {
  const Explanation explanation = samples::review();
  for (int width : {40, 57, 80}) {
    const std::string text = without_escapes(shown(explanation, ColorDepth::k24Bit, width));
    EXPECT_THAT(replaced(text, "\n  ", ""), HasSubstr(explanation.input.text)) << width;
  }
}

TEST(Terminal, colours_words_by_sign_and_strength) {
  const Explanation explanation = samples::explained("good bad so", {2.0F, -1.0F, 0.0F});
  const std::string text = shown(explanation, ColorDepth::k24Bit);
  EXPECT_THAT(text, HasSubstr("\x1b[48;2;18;130;74;38;2;255;255;255mgood\x1b[0m"));
  // Not ContainsRegex: where a test links oniguruma, its functions of POSIX names stand in.
  EXPECT_TRUE(std::regex_search(text, std::regex("\x1b\\[48;2;[0-9;]+mbad")));
  EXPECT_THAT(text, HasSubstr("\x1b[0m so\n"));
}

TEST(Terminal, has_256_colours) {
  const Explanation explanation = samples::explained("good bad", {2.0F, -2.0F});
  const std::string text = shown(explanation, ColorDepth::k256);
  EXPECT_THAT(text, HasSubstr("\x1b[48;5;40;38;5;16mgood\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[48;5;160;38;5;231mbad\x1b[0m"));
  EXPECT_THAT(text, Not(HasSubstr("48;2;")));
}

TEST(Terminal, palette_and_ground_change_the_colours) {
  const Explanation explanation = samples::review();
  const std::string usual = shown(explanation, ColorDepth::k24Bit);
  const std::string blue = shown(explanation, ColorDepth::k24Bit, 80, Palette::kBlueOrange);
  const std::string light =
      shown(explanation, ColorDepth::k24Bit, 80, Palette::kGreenRed, Ground::kLight);
  EXPECT_NE(usual, blue);
  EXPECT_NE(usual, light);
  EXPECT_EQ(without_escapes(usual), without_escapes(blue));
  EXPECT_EQ(without_escapes(usual), without_escapes(light));
}

TEST(Terminal, without_colours_writes_every_score) {
  const Explanation explanation = samples::explained("good bad dim", {2.0F, -0.5F, NAN});
  const std::string text = shown(explanation, ColorDepth::kNone);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("  good(+2.00) bad(-0.50) dim(unseen)\n"));
  EXPECT_THAT(text, HasSubstr("scores      + pushes toward positive, - away"));
}

TEST(Terminal, claims_no_direction_for_unsigned_scores) {
  Explanation explanation = samples::explained("good bad", {2.0F, 0.5F});
  explanation.method = {"saliency", {{"reduce", std::string("l2")}}};
  const std::string plain = shown(explanation, ColorDepth::kNone);
  EXPECT_THAT(plain, HasSubstr("good(2.00) bad(0.50)"));
  EXPECT_THAT(plain, HasSubstr("scores      how much, not in which direction; strongest 2.00"));
  const std::string coloured = without_escapes(shown(explanation, ColorDepth::k24Bit));
  EXPECT_THAT(coloured, HasSubstr("colours      matters to positive   strongest 2.00, by word"));
  EXPECT_THAT(coloured, Not(HasSubstr("away")));
}

TEST(Terminal, gives_the_evidence) {
  const std::string text = shown(samples::review(), ColorDepth::kNone);
  EXPECT_THAT(text, HasSubstr("prediction  positive  99.8 %\n"));
  EXPECT_THAT(text, HasSubstr("true label  positive  (right)\n"));
  EXPECT_THAT(text, HasSubstr("target      positive  (logit)\n"));
  // The scores of samples::review() sum to 2.05, its special tokens have 0.0625.
  EXPECT_THAT(text, HasSubstr("change      2.112: score 2.237, baseline 0.125 (pad)\n"));
  EXPECT_THAT(text, HasSubstr("sum         2.113: words 2.050, special tokens 0.062  "
                              "(delta 1.2e-04)\n"));
  EXPECT_THAT(text, HasSubstr("baseline    [CLS] [PAD] × 22 [SEP]\n"));
  EXPECT_THAT(text, HasSubstr("method      integrated_gradients  (steps 50, rule"));
  EXPECT_THAT(text, HasSubstr("cost        21 ms, 1,600 tokens forward, 1,550 backward\n"));
}

TEST(Terminal, leaves_out_evidence_a_method_does_not_give) {
  Explanation explanation = samples::explained("good", {2.0F});
  Attribution& attribution = explanation.attributions[0];
  attribution.baseline_value.reset();
  attribution.delta.reset();
  attribution.special.reset();
  explanation.baseline.reset();
  explanation.notes = {"scores have no sign"};
  const std::string text = shown(explanation, ColorDepth::kNone);
  EXPECT_THAT(text, HasSubstr("score       2.187\n"));
  EXPECT_THAT(text, HasSubstr("sum         2.000: words 2.000\n"));
  EXPECT_THAT(text, HasSubstr("note        scores have no sign\n"));
  EXPECT_THAT(text, Not(HasSubstr("baseline")));
  EXPECT_THAT(text, Not(HasSubstr("delta")));
}

TEST(Terminal, gives_each_target_its_block_and_a_pair_its_line) {
  const std::string classes = without_escapes(shown(samples::five_classes(), ColorDepth::k24Bit));
  for (const char* label : {"joy", "sadness", "anger", "fear", "surprise"}) {
    EXPECT_THAT(classes, HasSubstr(std::string("target      ") + label));
  }
  EXPECT_THAT(classes, HasSubstr("true label  surprise  (wrong)"));
  const std::string pair = without_escapes(shown(samples::sentence_pair(), ColorDepth::k24Bit));
  EXPECT_THAT(pair, HasSubstr("  The cat sleeps on the mat .\n  An animal is awake .\n"));
  EXPECT_THAT(pair, HasSubstr("target      contradiction versus entailment"));
}

TEST(Terminal, lists_units_by_score_when_asked) {
  Explanation explanation = samples::explained("mild good bad", {0.5F, 2.0F, -1.0F});
  explanation.sort = true;
  EXPECT_THAT(shown(explanation, ColorDepth::kNone),
              HasSubstr("     +2.00  good\n     +0.50  mild\n     -1.00  bad\n"));
}

TEST(Terminal, shows_special_tokens_when_they_are_units) {
  Explanation explanation = samples::explained("a", {1.0F});
  explanation.units.insert(explanation.units.begin(), {"", Side::kText, 0, 0, {0}});
  explanation.attributions[0].scores = {0.5F, 1.0F};
  EXPECT_THAT(shown(explanation, ColorDepth::kNone), HasSubstr("[CLS](+0.50) a(+1.00)"));
}

TEST(Terminal, scales_scores_but_not_evidence) {
  Explanation explanation = samples::explained("good bad", {4.0F, -1.0F});
  explanation.normalize = "max";
  const std::string text = shown(explanation, ColorDepth::kNone);
  EXPECT_THAT(text, HasSubstr("good(+1.00) bad(-0.25)"));
  EXPECT_THAT(text, HasSubstr("words 3.000"));
  EXPECT_THAT(text, HasSubstr("scores are scaled to a largest score of 1"));
}

TEST(Terminal, lets_no_escape_sequence_of_the_text_through) {
  for (const std::string& text : samples::hostile_strings()) {
    EXPECT_THAT(shown(samples::hostile(text), ColorDepth::kNone), Not(HasSubstr("\x1b")));
    const std::string coloured = without_escapes(shown(samples::hostile(text), ColorDepth::k24Bit));
    EXPECT_THAT(coloured, Not(HasSubstr("\x1b")));
    EXPECT_THAT(coloured, Not(HasSubstr("\xC2\x9B")));
    EXPECT_THAT(coloured, Not(HasSubstr("\xE2\x80\xAE")));
  }
}

TEST(Terminal, an_output_has_a_line_for_each_token) {
  const Explanation explanation = samples::continuation("the film was", "good and funny");
  const std::string plain = shown(explanation, ColorDepth::kNone, 60);
  EXPECT_THAT(plain, HasSubstr("text        the film was\noutput      good and funny\n\n"));
  EXPECT_THAT(plain, HasSubstr("target    likely   score  words that mattered most\n"));
  EXPECT_THAT(plain, HasSubstr("\ngood      68.5 %  -0.378  the +1.98  film -0.13  was -0.07\n"));
  EXPECT_THAT(plain, HasSubstr("\nfunny     44.0 %  -0.820  was -1.81"));
  for (const std::string& line : lines_of(plain)) {
    // Spaces where a line was cut may hang over the edge.
    EXPECT_LE(display_width(line.substr(0, line.find_last_not_of(' ') + 1)), 60) << line;
  }
  const std::string colored = shown(explanation, ColorDepth::k24Bit, 60);
  EXPECT_EQ(without_escapes(colored), plain);
  EXPECT_THAT(colored, HasSubstr("38;2;255;255;255mthe\x1b[0m +1.98"));
}

TEST(Terminal, sorted_outputs_have_a_ranking_for_each_token) {
  Explanation explanation = samples::continuation("the film was", "good and funny");
  explanation.sort = true;
  EXPECT_THAT(shown(explanation, ColorDepth::kNone), HasSubstr("target      funny  (log_prob"));
}

}  // namespace
}  // namespace ascribo

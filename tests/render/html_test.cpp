// SPDX-License-Identifier: MIT
// The page as bytes: escaped, whole, and allowed to run only what it came with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/base/json.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"

namespace ascribo {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page(const Explanation& explanation, const RenderOptions& options = {}) {
  return render(find_renderer("html"), explanation, options);
}

std::string item(const Explanation& explanation) {
  return find_renderer("html").item(explanation, {});
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

TEST(EscapeHtml, leaves_no_markup) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(escape_html("\x1b"), "␛");
}

TEST(EscapeScriptJson, is_the_same_value_without_dangerous_characters) {
  const std::string json = "[\"</script><!--&\xE2\x80\xA8\xE2\x80\xA9é\"]";
  const std::string safe = escape_script_json(json);
  EXPECT_EQ(safe, "[\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u2029é\"]");
  EXPECT_EQ(Json::parse(safe, "safe").at(0).string(), Json::parse(json, "raw").at(0).string());
}

// The digests of "" and "abc" from FIPS 180-4, in base64.
TEST(PolicyHash, is_sha256_in_base64) {
  EXPECT_EQ(policy_hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
  EXPECT_EQ(policy_hash("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

TEST(Html, allows_only_its_own_script_and_style) {
  const std::string html = page(samples::review());
  const std::string policy = between(html, "Content-Security-Policy\" content=\"", "\"");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("style-src " + policy_hash(between(html, "<style>", "</style>"))));
  EXPECT_THAT(policy,
              HasSubstr("script-src " + policy_hash(between(html, "<script>", "</script>"))));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
}

TEST(Html, refers_to_nothing_outside) {
  const std::string html = page(samples::review());
  for (const char* way : {" src=", "url(", "@import", "<link rel=\"stylesheet", "<iframe", "fetch(",
                          "XMLHttpRequest", " style=", " onclick="}) {
    EXPECT_THAT(html, Not(HasSubstr(way))) << way;
  }
  EXPECT_EQ(count(html, "http"),
            count(html, "http-equiv") + count(html, "http://www.w3.org/2000/svg"));
}

TEST(Html, escapes_everything) {
  const std::string harmless = item(samples::hostile("plain"));
  for (const std::string& text : samples::hostile_strings()) {
    const std::string html = item(samples::hostile(text));
    for (const char* tag : {"<script", "</script", "<img", "<svg", "<!--"}) {
      EXPECT_EQ(count(html, tag), count(harmless, tag)) << tag << " in " << text;
    }
    for (const char* raw : {"\xE2\x80\xAE", "\xE2\x81\xA6", "\x1b", "\"'>"}) {
      EXPECT_THAT(html, Not(HasSubstr(raw))) << text;
    }
  }
  RenderOptions options;
  options.title = "</title><script>alert(1)</script>";
  EXPECT_THAT(page(samples::review(), options), Not(HasSubstr("<script>alert")));
}

TEST(Html, keeps_every_character_of_the_text) {
  const std::vector<std::string> texts{"<b> & \"quoted\" 'text' </b>", "  two  spaces \n a line",
                                       "日本語 café 🙂 e\xCC\x81",
                                       "line\xE2\x80\xA8separator"};
  for (const std::string& text : texts) {
    Explanation explanation = samples::explained(text, {});
    explanation.attributions[0].scores.assign(explanation.units.size(), 1.0F);
    const std::string html = item(explanation);
    EXPECT_EQ(without_tags(between(html, "<p class=\"text\" dir=\"auto\">", "</p>")), text);
    EXPECT_EQ(without_tags(between(html, "<div class=\"clip\" dir=\"auto\">", "</div>")), text);
  }
}

TEST(Html, marks_units_by_sign_and_strength) {
  const std::string html = item(samples::explained("good bad so", {2.0F, -1.0F, 0.0F}));
  EXPECT_THAT(html, HasSubstr("<mark class=\"p16\" data-u=\"0\" title=\"+2.00\">good</mark>"));
  EXPECT_THAT(html, HasSubstr("<mark class=\"n8\" data-u=\"1\" title=\"\u22121.00\">bad</mark>"));
  EXPECT_THAT(html, HasSubstr("<mark class=\"z\" data-u=\"2\" title=\"0.00\">so</mark>"));
}

TEST(Html, carries_the_scores_of_every_target) {
  const Explanation explanation = samples::five_classes();
  const std::string html = item(explanation);
  const Json data =
      Json::parse(between(html, "<script type=\"application/json\">", "</script>"), "page");
  ASSERT_EQ(data.size(), 5U);
  for (std::size_t target = 0; target < 5; ++target) {
    EXPECT_EQ(data.at(target).at("target").string(), explanation.attributions[target].target);
    EXPECT_EQ(data.at(target).at("scores").size(), explanation.units.size());
    EXPECT_EQ(data.at(target).at("classes").size(), explanation.units.size());
  }
  EXPECT_EQ(count(html, "role=\"tab\""), 5);
  EXPECT_EQ(count(html, "<table class=\"ranking\""), 5);
  EXPECT_EQ(count(item(samples::review()), "role=\"tab\""), 0);
}

TEST(Html, gives_the_evidence) {
  Explanation explanation = samples::review();
  explanation.notes = {"a note"};
  const std::string text = without_tags(item(explanation));
  for (const char* part :
       {"99.8 %", "True label positive", "2.237", "0.125", "2.112", "2.050", "0.062",
        "1.2e\u221204", "[CLS] [PAD] × 22 [SEP]", "integrated_gradients", "steps 50",
        "9f2c41d07be853aa66e0d1f0b7f7f8a4c03be5d1a7710c9e52d4a8b6c3e1f0d7", "1,600 tokens forward",
        "a note", "BertForSequenceClassification"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Html, claims_no_direction_for_unsigned_scores) {
  Explanation explanation = samples::explained("good", {2.0F});
  explanation.method = {"saliency", {{"reduce", std::string("l2")}}};
  const std::string html = item(explanation);
  EXPECT_THAT(html, HasSubstr("matters much <b class=\"highest\">2.00</b>"));
  EXPECT_THAT(html, HasSubstr("title=\"2.00\""));
  EXPECT_THAT(html, Not(HasSubstr("pushes")));
}

TEST(Html, says_right_wrong_or_unknown) {
  Explanation explanation = samples::review();
  EXPECT_THAT(item(explanation), HasSubstr("data-verdict=\"right\""));
  explanation.input.label = "negative";
  EXPECT_THAT(item(explanation), HasSubstr("data-verdict=\"wrong\""));
  explanation.input.label.reset();
  EXPECT_THAT(item(explanation), HasSubstr("data-verdict=\"unknown\""));
}

TEST(Html, starts_with_the_palette_asked_for) {
  RenderOptions options;
  EXPECT_THAT(page(samples::review(), options),
              HasSubstr("<html lang=\"en\" data-palette=\"green\">"));
  options.palette = Palette::kBlueOrange;
  EXPECT_THAT(page(samples::review(), options),
              HasSubstr("<html lang=\"en\" data-palette=\"blue\">"));
}

}  // namespace
}  // namespace ascribo

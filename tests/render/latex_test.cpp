// SPDX-License-Identifier: MIT
// LaTeX that compiles whatever the text is, and keeps all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "ascribo/render/latex_escape.h"
#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"

namespace ascribo {
namespace {

using testing::HasSubstr;

std::string latex(const Explanation& explanation) {
  return render(find_renderer("latex"), explanation);
}

/// The text that TeX would set, of the commands that are used.
std::string typeset(std::string text) {
  for (const auto& [command, letter] :
       std::vector<std::pair<std::string, std::string>>{{"\\textbackslash{}", "\x01"},
                                                        {"\\textasciicircum{}", "^"},
                                                        {"\\textasciitilde{}", "~"},
                                                        {"\\textless{}", "<"},
                                                        {"\\textgreater{}", ">"},
                                                        {"\\textbar{}", "|"},
                                                        {"\\newline{}", "\n"},
                                                        {"\\newline ", "\n"},
                                                        {"-{}", "-"},
                                                        {"'{}", "'"},
                                                        {"`{}", "`"},
                                                        {",{}", ","},
                                                        {"?{}", "?"},
                                                        {"!{}", "!"}}) {
    text = replaced(text, command, letter);
  }
  text =
      std::regex_replace(text, std::regex("\\\\ascribobox\\{[0-9a-f]{6}\\}\\{[0-9a-f]{6}\\}"), "");
  text = std::regex_replace(text, std::regex("(^|[^\\\\])[{}]"), "$1");
  text = std::regex_replace(text, std::regex("(^|[^\\\\])[{}]"), "$1");
  return replaced(std::regex_replace(text, std::regex("\\\\([{}$&#%_ ])"), "$1"), "\x01", "\\");
}

TEST(Latex, escapes_what_means_something_to_tex) {
  EXPECT_EQ(escape_latex("50% of $x_1^2 & {y} #3 ~ \\n <a|b>"),
            "50\\% of \\$x\\_1\\textasciicircum{}2 \\& \\{y\\} \\#3 \\textasciitilde{} "
            "\\textbackslash{}n \\textless{}a\\textbar{}b\\textgreater{}");
  EXPECT_EQ(escape_latex("--''``,,?`"), "-{}-{}'{}'{}`{}`{},{},{}?{}`{}");
  EXPECT_EQ(escape_latex(" a  b "), "\\ a \\ b\\ ");
  EXPECT_EQ(escape_latex("a\nb\x1b"), "a\\newline b␛");
}

TEST(Latex, keeps_every_character) {
  for (const std::string text :
       {"An utterly gripping story , told with wit .", "50% of $x_1^2 & {y} #3 ~ \\n <a|b> --''"}) {
    std::vector<float> scores;
    Explanation explanation = samples::explained(text, {});
    for (std::size_t unit = 0; unit < explanation.units.size(); ++unit) {
      scores.push_back(unit % 2 == 0 ? 0.5F : -1.0F);
    }
    explanation.attributions[0].scores = scores;
    const std::string set = between(latex(explanation), "$\\par\n\\noindent ", "\\par");
    EXPECT_EQ(typeset(set), text);
  }
}

TEST(Latex, colours_words_and_tells_scores) {
  const std::string text = latex(samples::explained("good bad so", {2.0F, -1.0F, NAN}));
  EXPECT_THAT(text, HasSubstr("\\ascribobox{5ccd8a}{101216}{good} \\ascribobox{"));
  EXPECT_THAT(text, HasSubstr("}{bad} so\\par"));
  EXPECT_THAT(text, HasSubstr("\\begin{tabular}{lr}\n\\hline\nword & positive \\\\\n\\hline\n"
                              "good & $2.00$ \\\\\nbad & $-1.00$ \\\\\nso &  \\\\\n\\hline\n"));
}

TEST(Latex, a_table_has_a_column_for_each_of_a_few_targets) {
  EXPECT_THAT(latex(samples::five_classes()),
              HasSubstr("word & joy & sadness & anger & fear & surprise \\\\"));
  const std::string many = latex(samples::long_continuation(5, 12));
  EXPECT_THAT(many, HasSubstr("% 12 targets: too many for a table; --csv writes one\n"));
  EXPECT_EQ(many.find("tabular"), std::string::npos);
}

TEST(Latex, long_tables_are_cut_to_pages) {
  std::string text;
  for (int word = 0; word < 90; ++word) text += "w ";
  const std::string set = latex(samples::explained(text, std::vector<float>(90, 1.0F)));
  std::size_t tables = 0;
  for (std::size_t at = 0; (at = set.find("\\end{tabular}", at)) != std::string::npos; ++at) {
    ++tables;
  }
  EXPECT_EQ(tables, 3U);
}

/// Needs a LaTeX installation; the tests above hold without.
TEST(Latex, compiles) {
  if (std::system("command -v pdflatex >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "pdflatex is not installed";
  }
  const auto folder = std::filesystem::path(testing::TempDir()) / "ascribo_latex";
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / "page.tex");
  file << "\\documentclass{article}\n\\usepackage{xcolor}\n\\begin{document}\n";
  const Renderer& renderer = find_renderer("latex");
  file << renderer.begin({});
  for (const Explanation& explanation :
       {samples::review(), samples::five_classes(), samples::continuation("a b", "c d e"),
        samples::explained("50% of $x_1^2 & {y} #3 ~ \\n <a|b> --'' ``q''", {}),
        samples::explained("</script> \\end{document} \\input{/etc/passwd} % no", {})}) {
    Explanation filled = explanation;
    for (Attribution& attribution : filled.attributions) {
      attribution.scores.resize(filled.units.size(), 0.5F);
    }
    file << renderer.item(filled, {});
  }
  file << "\\end{document}\n";
  file.close();
  const std::string command = "cd " + folder.string() +
                              " && pdflatex -interaction=nonstopmode -halt-on-error page.tex "
                              ">/dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << "see " << (folder / "page.log");
}

}  // namespace
}  // namespace ascribo

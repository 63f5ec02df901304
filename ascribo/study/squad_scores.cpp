// SPDX-License-Identifier: MIT
// Words of answers, counted. F1 = 2 |both| / (|given| + |right|), with words as often as they stand
// there.
#include "ascribo/study/squad_scores.h"

#include <algorithm>
#include <iterator>

#include "ascribo/base/utf8.h"
#include "ascribo/text/character_classes.h"
#include "ascribo/text/unicode.h"

namespace ascribo {
namespace {

constexpr char32_t kAscii = 0x80;

bool is_article(std::string_view word) { return word == "a" || word == "an" || word == "the"; }

/// Beside what else an article may stand and be none.
bool continues_word(char32_t c) {
  return (is_word_character(c) && !is_combining_mark(c)) || is_number(c);
}

/// Lower case without ASCII punctuation.
std::vector<char32_t> bare(std::string_view answer) {
  std::vector<char32_t> letters;
  for (const CodePoint& each : decode_utf8(answer, "answer")) {
    for (const char32_t c : lower_case(each.value)) {
      if (c >= kAscii || !is_punctuation(c)) letters.push_back(c);
    }
  }
  return letters;
}

double f1(std::vector<std::string> given, std::vector<std::string> right) {
  if (given.empty() || right.empty()) return given == right ? 1 : 0;
  std::sort(given.begin(), given.end());
  std::sort(right.begin(), right.end());
  std::vector<std::string> both;
  std::set_intersection(given.begin(), given.end(), right.begin(), right.end(),
                        std::back_inserter(both));
  return 2 * static_cast<double>(both.size()) / static_cast<double>(given.size() + right.size());
}

}  // namespace

std::vector<std::string> answer_words(std::string_view answer) {
  const std::vector<char32_t> letters = bare(answer);
  std::vector<std::string> words{""};
  std::string run;  // letters and digits, which may be an article, even beside a dash
  const auto end_run = [&] {
    if (is_article(run)) {
      words.emplace_back();
    } else {
      words.back() += run;
    }
    run.clear();
  };
  for (const char32_t c : letters) {
    if (continues_word(c)) {
      append_utf8(run, c);
      continue;
    }
    end_run();
    if (is_white_space(c)) {
      words.emplace_back();
    } else {
      append_utf8(words.back(), c);
    }
  }
  end_run();
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

SquadScores squad_scores(std::string_view given, const std::vector<std::string>& right) {
  const std::vector<std::string> words = answer_words(given);
  SquadScores best;
  for (const std::string& each : right) {
    const std::vector<std::string> wanted = answer_words(each);
    best.f1 = std::max(best.f1, f1(words, wanted));
    best.exact = std::max(best.exact, words == wanted ? 1.0 : 0.0);
  }
  return best;
}

SquadScores squad_scores(const AnswerTexts& texts, std::int64_t first, std::int64_t last) {
  const auto place = [&](std::int64_t token) {
    return texts.places[static_cast<std::size_t>(token)];
  };
  return squad_scores(slice_code_points(texts.context, place(first).start, place(last).end),
                      texts.right);
}

}  // namespace ascribo

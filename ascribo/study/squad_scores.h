// SPDX-License-Identifier: MIT
// How good an answer to a question is, as SQuAD's own evaluation says (Rajpurkar et al. 2016).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ascribo/study/example.h"

namespace ascribo {

/// The words by which answers are compared: lower case, without ASCII punctuation and the articles
/// a, an and the.
std::vector<std::string> answer_words(std::string_view answer);

struct SquadScores {
  double f1 = 0;     ///< harmonic mean of the shares of words that each has of the other
  double exact = 0;  ///< 1 where all words are the same
};

/// Each score is that of the answer, among those that people gave, for which it is highest.
SquadScores squad_scores(std::string_view given, const std::vector<std::string>& right);

/// Those of the stretch of the context between two tokens, both included.
SquadScores squad_scores(const AnswerTexts& texts, std::int64_t first, std::int64_t last);

}  // namespace ascribo

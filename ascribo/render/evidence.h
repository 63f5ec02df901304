// SPDX-License-Identifier: MIT
// What the readers of every output are told beside the scores.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// The explanation as it is shown: scores scaled as `normalize` says, with a note that tells so and
/// keeps the sum of the scores before.
Explanation displayed(const Explanation& explanation);

/// The sums behind one attribution, from its scores before any scaling for display.
struct Evidence {
  double sum = 0;                ///< of the scores that are numbers
  double total = 0;              ///< sum and what special tokens received
  std::optional<double> change;  ///< the score of the text minus the score of the baseline
};
Evidence evidence(const Attribution& attribution);

/// The largest |score| that is a number; 0 when there is none.
double strongest(const std::vector<float>& scores);

/// Whether scores tell only how much, not in which direction: their dimensions were reduced to a
/// norm.
bool scores_are_unsigned(const Explanation& explanation);

/// "+0.42" ("0.42" of an unsigned score), with its standard error "+0.42 ± 0.03" where there is
/// one, or "unseen" when the target cannot see the unit.
std::string score_text(const Explanation& explanation, const Attribution& attribution,
                       std::size_t unit, int decimals);

/// The same behind the name that the user gave the unit, if there is one: "question: +0.42".
std::string named_score_text(const Explanation& explanation, const Attribution& attribution,
                             std::size_t unit, int decimals);

/// Digits after the point for the sums of these attributions: one more than a score has, so that
/// the rounded parts still add up to the eye.
int evidence_decimals(const std::vector<Attribution>& attributions);

/// Whether the predicted label is the true one; empty when the true one is unknown or the model
/// predicts a number. Labels compare without regard to case; a true label that is a number and no
/// label's name is an index ("1" for "positive").
std::optional<bool> predicted_right(const Explanation& explanation);

/// "positive", "positive versus negative"; with the token that is asked about: `LOC at "Paris"`.
std::string target_name(const Explanation& explanation, const Attribution& attribution);
/// The text behind a token as it was written, or the token itself where there is none.
std::string token_text(const Explanation& explanation, const TokenInfo& token);
/// "words", "tokens": what the scores of this explanation belong to.
std::string unit_plural(std::string_view unit);
/// "[CLS] [PAD] × 12 [SEP]": the tokens with runs told once, cut after `longest` bytes.
std::string baseline_tokens(const BaselineSummary& baseline, std::size_t longest);
/// The stretch of text a unit covers, or the names of its tokens where it covers none; behind the
/// name that the user gave it, if there is one.
std::string unit_name(const Explanation& explanation, std::size_t unit);
/// Units by score, highest first; units without a score last.
std::vector<std::size_t> by_score(const std::vector<float>& scores);

}  // namespace ascribo

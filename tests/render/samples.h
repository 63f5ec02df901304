// SPDX-License-Identifier: MIT
// Explanations made by hand, for the tests of renderers and for the pages the browser tests open.
#pragma once

#include <string>
#include <vector>

#include "ascribo/explain/explanation.h"

namespace ascribo::samples {

/// A text cut at spaces into word units, one score each, and all the evidence a real one has.
Explanation explained(const std::string& text, const std::vector<float>& scores);

/// The sentence of the README: a positive review, explained by integrated gradients.
Explanation review();
/// Two sides, one target against another.
Explanation sentence_pair();
/// Every class of five has its scores.
Explanation five_classes();
/// What a language model wrote after a prompt: every word of `output` is a target, which sees the
/// prompt and the words before it.
Explanation continuation(const std::string& prompt, const std::string& output);
/// A story of `output` words after one of `prompt` words.
Explanation long_continuation(int prompt, int output);
/// Three words through `layers` layers: tables "contributions" and "rollout", rows that add up to
/// one; the scores are the row of [CLS].
Explanation layered(int layers);
/// One hostile string; see hostile_strings().
Explanation hostile(const std::string& text);
/// Texts that try to leave the page, the terminal or the line.
std::vector<std::string> hostile_strings();
/// Text number `index` of a data set: right, wrong and unlabelled ones in turn.
Explanation data_set_row(int index);

}  // namespace ascribo::samples

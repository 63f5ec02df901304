// SPDX-License-Identifier: MIT
// What rows say about words, answers and masks, found again among tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/study/example.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

class Tokenizer;

/// A list of tags as JSON has it: names, or numbers. Errors: kBadFile.
std::vector<std::string> parse_tags(std::string_view label);

/// Asks about the first token of every word (between single spaces) of `text` that is still there;
/// `tags` has one number for each word. Errors: kBadFile for another number of them.
void ask_words(const Encoding& encoding, std::string_view text,
               const std::vector<std::int64_t>& tags, Example& example);

/// Asks where the answer starts and ends in `context`, the encoding's pair. `label` is the answer,
/// whose first place counts, or as in SQuAD {"text": ..., "answer_start": ...}, where both may be
/// lists of all that people answered: the first whose tokens are there is learned, all are right.
/// False when the tokens of all were cut off. Errors: kBadFile for an answer that does not stand
/// there.
bool ask_answer(const Encoding& encoding, std::string_view context, std::string_view label,
                Example& example);

/// Asks for the word in the place of the mask: the first of `words`, among them if there are more,
/// else among all. Errors: kBadFile for a text without a mask or with several, and for words that
/// are not one token.
void ask_mask(const Encoding& encoding, const std::vector<std::string>& words,
              const Tokenizer& tokenizer, Example& example);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What kind of character a code point is, in the sense of the published BERT tokenizers.
#pragma once

namespace ascribo {

// These are the classes that checkpoints were trained with: the reference tokenizers use the
// categories of Unicode 8. A newer table would cut texts in another way than the model has learnt,
// and in another way on each system, so they are spelled out and not taken from a library.

/// Unicode White_Space, which includes tab, line feed and no-break space.
bool is_white_space(char32_t c);
/// Controls other than tab, line feed and carriage return; format characters; private use.
bool is_control(char32_t c);
/// Every ASCII character that is neither letter, digit, space nor control; beyond ASCII the
/// categories P*.
bool is_punctuation(char32_t c);
bool is_nonspacing_mark(char32_t c);
/// The blocks of CJK ideographs that BERT sets apart; kana and hangul are not among them.
bool is_ideograph(char32_t c);

}  // namespace ascribo

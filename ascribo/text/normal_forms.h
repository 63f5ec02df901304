// SPDX-License-Identifier: MIT
// The four Unicode normal forms, with the tables that the reference tokenizers use (Unicode 9).
#pragma once

#include "ascribo/text/normalized_text.h"

namespace ascribo {

// Each rewrites the whole text. A composed letter takes the range of the first code point that it
// is made of.
void to_nfd(NormalizedText& text);
void to_nfc(NormalizedText& text);
void to_nfkd(NormalizedText& text);
void to_nfkc(NormalizedText& text);

}  // namespace ascribo

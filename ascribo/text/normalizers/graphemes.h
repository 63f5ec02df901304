// SPDX-License-Identifier: MIT
// What a reader takes for one character: a base with its marks, a joined emoji, a flag.
#pragma once

#include <cstddef>

#include "ascribo/text/normalized_text.h"

namespace ascribo {

/// Where the grapheme cluster that begins at `at` (before the end of the text) ends. Extended
/// clusters of Unicode 17, as in the reference tokenizers.
std::size_t grapheme_end(const NormalizedText& text, std::size_t at);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Whether cutting a text into words first would change what a tokenizer makes of it.
#pragma once

#include <string_view>

namespace ascribo {

/// True when a punctuation mark touches a letter, a digit or another mark: a splitter of words
/// may put a space between them. The text is valid UTF-8.
bool has_touching_marks(std::string_view text);

}  // namespace ascribo

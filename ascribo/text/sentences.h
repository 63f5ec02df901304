// SPDX-License-Identifier: MIT
// The sentences of a text and their clauses.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ascribo {

// A sentence ends at . ! ? or … (or what other scripts have for them) with white space after it,
// and at the full stops of Chinese and Japanese with anything after them; quotes and brackets that
// close go with it. Known abbreviations, initials and the numbers of a list do not end one. An
// empty line always does. A clause ends where a sentence does, and in the same way at , ; and :.

/// Where each sentence begins, ascending and from 0 on (empty for an empty text). White space
/// belongs to the sentence before it.
std::vector<std::int32_t> find_sentences(std::span<const char32_t> text);

/// The same for clauses.
std::vector<std::int32_t> find_clauses(std::span<const char32_t> text);

}  // namespace ascribo

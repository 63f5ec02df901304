// SPDX-License-Identifier: MIT
// Whether the parts of an explanation fit each other, as those of a file that was edited may not.
#pragma once

#include <string>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// Errors: kBadFile, naming `where` and the first part that does not fit: counts of scores, indices
/// of tokens, offsets past the end of a text.
void check_explanation(const Explanation& explanation, const std::string& where);

}  // namespace ascribo

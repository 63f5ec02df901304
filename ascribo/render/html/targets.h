// SPDX-License-Identifier: MIT
// Choosing a target: tabs of classes, or the output itself, token by token.
#pragma once

#include <string>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// The tabs; nothing where there is one target. Of an output each tab is a token as it was written,
/// with its probability.
std::string html_targets(const Explanation& shown);

/// Every target's scores as they are written and their colours, for the script.
std::string scores_json(const Explanation& shown);

}  // namespace ascribo

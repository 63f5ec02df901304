// SPDX-License-Identifier: MIT
// The part of a page that shows layers.
#pragma once

#include <string>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// Layers by tokens for the token that the scores are about, and the tables as data, so that the
/// script can show any layer, any token and the flow; nothing where no layers are known.
std::string layer_views(const Explanation& shown);

}  // namespace ascribo

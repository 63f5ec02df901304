// SPDX-License-Identifier: MIT
// Draws weights with dotted names as an indented tree.
#pragma once

#include <string>
#include <vector>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

/// One line per module, its weights behind it; neighbours that differ only in their number are
/// drawn once, as `layer.0 ... layer.5`.
std::string module_tree(const std::vector<ModuleInfo>& weights, int indent);

/// "[384, tokens]"; negative dimensions are drawn as `tokens`.
std::string shape_text(const Shape& shape);

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// A table of scores as coloured cells.
#pragma once

#include <string>

#include "ascribo/render/grid.h"

namespace ascribo {

/// A figure that scrolls in itself where it is wider than the page. All cells are on one scale.
std::string heat_map(const Grid& grid);

}  // namespace ascribo

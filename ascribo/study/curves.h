// SPDX-License-Identifier: MIT
// How training went, as a picture.
#pragma once

#include <string>

namespace ascribo {

/// An SVG of a training log (JSON lines): on the left the losses of steps and of evaluations, on
/// the right the evaluations' other scores.
std::string training_curves(const std::string& log);

}  // namespace ascribo

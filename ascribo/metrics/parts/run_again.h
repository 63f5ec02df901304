// SPDX-License-Identifier: MIT
// Explains texts once more as a method explained them, with another model in its place.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ascribo/metrics/metric.h"

namespace ascribo {

/// The scores `[texts][targets][units]` that the method of `judged` gives the texts with `model`,
/// for the same targets. `metric` is named in errors. Errors: those of the method; kUnsupported for
/// scores that no method computed.
std::vector<std::vector<std::vector<double>>> scores_again(std::string_view metric,
                                                           const Model& model,
                                                           std::span<const Task> tasks,
                                                           std::span<const Judged> judged,
                                                           Scorer& scorer);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// A comparison of methods, as a table to read, to compute with, to print, and as a page.
#pragma once

#include <string>

#include "ascribo/metrics/comparison/comparison.h"

namespace ascribo {

/// For a terminal of `width` columns: means with their standard errors; * marks the methods that no
/// other is significantly better than. Then what differs significantly.
std::string comparison_text(const Comparison& comparison, int width);

/// A line for each row and metric, all digits.
std::string comparison_csv(const Comparison& comparison);

/// A tabular for \input, that needs no package; the best methods are bold.
std::string comparison_latex(const Comparison& comparison);

/// Everything, schema "ascribo.comparison/1".
std::string comparison_json(const Comparison& comparison);

/// A page in one file, with curves and example texts side by side.
std::string comparison_html(const Comparison& comparison);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// A comparison of methods, as a table to read, to compute with, to print, and as a page.
#pragma once

#include <string>
#include <vector>

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

/// The curves of every column side by side, as a picture; `places` are those of a curve's points,
/// from left to right, and `axis` says what they are.
std::string comparison_svg(const Comparison& comparison, const std::vector<double>& places,
                           const std::string& axis);

}  // namespace ascribo

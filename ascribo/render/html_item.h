// SPDX-License-Identifier: MIT
// The part of the HTML page that belongs to one explanation.
#pragma once

#include <string>
#include <string_view>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// The columns of html_item()'s row.
std::string html_table_head();

/// A <tbody>: a row for the table of many texts and a detail view with all evidence. The colours
/// are those of the first target; the scores of all targets lie beside them as JSON.
std::string html_item(const Explanation& explanation);

/// The legend: the colours from away to toward, with the scores at both ends if not empty.
std::string html_scale(std::string_view lowest, std::string_view highest);

}  // namespace ascribo

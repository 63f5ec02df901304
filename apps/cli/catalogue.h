// SPDX-License-Identifier: MIT
// How the program lists what there is to choose from: methods, metrics.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ascribo::cli {

/// A line of several: a name, and in a column of its own what it is.
using CatalogueEntry = std::pair<std::string_view, std::string_view>;
std::string catalogue_text(const std::vector<CatalogueEntry>& entries, int width);

/// Adds a field of one entry's own page; nothing for an empty value.
void append_field(std::string& text, std::string_view name, std::string_view value, int width);

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Commands that list what there is to choose from: methods, metrics.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/ascribo.h"
#include "command.h"

namespace ascribo::cli {

/// A line of several: a name, and in a column of its own what it is.
using CatalogueEntry = std::pair<std::string_view, std::string_view>;
std::string catalogue_text(const std::vector<CatalogueEntry>& entries, int width);

/// Adds a field of one entry's own page; nothing for an empty value.
void append_field(std::string& text, std::string_view name, std::string_view value, int width);

/// Adds `key`: every option, with its values, default and help.
void write_options(JsonWriter& json, std::string_view key, const std::vector<OptionInfo>& options);
/// Adds `recipes`: which libraries' recipes the entry knows.
void write_recipes(JsonWriter& json, const std::vector<Recipe>& recipes);

/// A command that shows all entries, or the one that is named.
struct Catalogue {
  const char *command, *summary, *examples;
  const char* entry;  ///< "method", for errors
  std::string (*all_json)();
  std::vector<CatalogueEntry> (*all)();
  /// Errors: those of finding the name.
  std::string (*one_json)(std::string_view name);
  std::string (*one_text)(std::string_view name, int width);
};
int run_catalogue(const Catalogue& catalogue, const Words& words);

}  // namespace ascribo::cli

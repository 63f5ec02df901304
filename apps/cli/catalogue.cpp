// SPDX-License-Identifier: MIT
// Puts names in one column and wraps what is said of them in another.
#include "catalogue.h"

#include <algorithm>

#include "help.h"

namespace ascribo::cli {

std::string catalogue_text(const std::vector<CatalogueEntry>& entries, int width) {
  std::size_t widest = 0;
  for (const auto& [name, summary] : entries) widest = std::max(widest, name.size());
  const int indent = static_cast<int>(widest) + 2;
  std::string text;
  for (const auto& [name, summary] : entries) {
    text += std::string(name) + wrapped(summary, indent, width).substr(name.size());
  }
  return text;
}

void append_field(std::string& text, std::string_view name, std::string_view value, int width) {
  if (value.empty()) return;
  constexpr int kIndent = 14;
  text += std::string(name) + wrapped(value, kIndent, width).substr(name.size());
}

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Edit distance with swaps of neighbours (optimal string alignment).
#include "ascribo/base/nearest.h"

#include <algorithm>

namespace ascribo {

namespace {

std::string folded(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return result;
}

std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = last;
    last = row;
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& names) {
  // Longer input is no typing mistake, and the distance takes quadratic time.
  constexpr std::size_t kLongest = 100;
  if (word.empty() || word.size() > kLongest) return std::nullopt;
  const std::string given = folded(word);
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, given.size() / 3) + 1;
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const std::string known = folded(name);
    const std::size_t edits = distance(given, known);
    if (edits < best_distance) {
      best_distance = edits;
      best = name;
    }
  }
  if (best || given.size() < 3) return best;
  for (const std::string& name : names) {
    if (folded(name).starts_with(given)) return name;
  }
  return std::nullopt;
}

std::string nearest_hint(std::string_view word, const std::vector<std::string>& names,
                         std::string_view fallback) {
  const auto name = nearest(word, names);
  return name ? "did you mean \"" + *name + "\"?" : std::string(fallback);
}

std::string listed(const std::vector<std::string>& names, std::string_view last) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) result += i + 1 == names.size() ? " " + std::string(last) + " " : ", ";
    result += names[i];
  }
  return result;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What becomes of the stretches that a pattern matches when a text is cut at them.
#pragma once

#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/text/patterns/regex.h"
#include "ascribo/text/split.h"

namespace ascribo {

enum class SplitBehavior {
  kRemoved,             ///< they are dropped
  kIsolated,            ///< each is a part of its own
  kMergedWithPrevious,  ///< each ends the part before it
  kMergedWithNext,      ///< each begins the part after it
  kContiguous,          ///< those that touch are one part
};

/// The behaviour that tokenizer.json names. Errors: kBadFile for another name.
SplitBehavior read_split_behavior(const Json& name, std::string_view where);
/// The name that tokenizer.json has for it.
std::string_view name_of(SplitBehavior behavior);

/// Appends the parts of a text that is cut at matches, which are in order and do not overlap.
/// With `invert`, what is between the matches takes their place.
void cut_at(const NormalizedText& text, const std::vector<Regex::Match>& matches,
            SplitBehavior behavior, std::vector<Split>& parts, bool invert = false);

/// The stretches of one code point each for which `is_match` holds.
template <class IsMatch>
std::vector<Regex::Match> each_code_point(const NormalizedText& text, IsMatch is_match) {
  std::vector<Regex::Match> matches;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_match(text[at])) matches.push_back({at, at + 1});
  }
  return matches;
}

}  // namespace ascribo

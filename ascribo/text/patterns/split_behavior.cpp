// SPDX-License-Identifier: MIT
// The five behaviours, in terms of stretches that cover the whole text.
#include "ascribo/text/patterns/split_behavior.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr std::pair<std::string_view, SplitBehavior> kNames[] = {
    {"Removed", SplitBehavior::kRemoved},
    {"Isolated", SplitBehavior::kIsolated},
    {"MergedWithPrevious", SplitBehavior::kMergedWithPrevious},
    {"MergedWithNext", SplitBehavior::kMergedWithNext},
    {"Contiguous", SplitBehavior::kContiguous},
};

struct Stretch {
  std::size_t begin = 0, end = 0;
  bool match = false;
};

/// Matches and what is between them, in order.
std::vector<Stretch> cover(std::size_t size, const std::vector<Regex::Match>& matches,
                           bool invert) {
  std::vector<Stretch> stretches;
  std::size_t done = 0;
  for (const auto& [begin, end] : matches) {
    if (done < begin) stretches.push_back({done, begin, invert});
    stretches.push_back({begin, end, !invert});
    done = end;
  }
  if (done < size) stretches.push_back({done, size, invert});
  return stretches;
}

/// Lets each stretch join the one before it where `join` says so; `join` sees whether a stretch is
/// a match and whether the one before it was.
template <class Join>
std::vector<Stretch> merge(const std::vector<Stretch>& stretches, Join join) {
  std::vector<Stretch> merged;
  bool before = false;
  for (const Stretch& stretch : stretches) {
    if (!merged.empty() && join(stretch.match, before)) {
      merged.back().begin = std::min(merged.back().begin, stretch.begin);
      merged.back().end = std::max(merged.back().end, stretch.end);
    } else {
      merged.push_back(stretch);
    }
    before = stretch.match;
  }
  return merged;
}

}  // namespace

SplitBehavior read_split_behavior(const Json& name, std::string_view where) {
  std::string known;
  for (const auto& [text, behavior] : kNames) {
    if (name.string() == text) return behavior;
    known += (known.empty() ? "" : ", ") + std::string(text);
  }
  fail(Code::kBadFile, where, "the behavior \"" + std::string(name.string()) + "\"",
       "expected one of " + known);
}

std::string_view name_of(SplitBehavior behavior) {
  for (const auto& [text, known] : kNames) {
    if (known == behavior) return text;
  }
  return {};
}

void cut_at(const NormalizedText& text, const std::vector<Regex::Match>& matches,
            SplitBehavior behavior, std::vector<Split>& parts, bool invert) {
  std::vector<Stretch> stretches = cover(text.size(), matches, invert);
  // Of matches that follow each other at once, only the first joins its neighbour.
  const auto first_of_matches = [](bool match, bool before) { return match && !before; };
  switch (behavior) {
    case SplitBehavior::kRemoved:
      std::erase_if(stretches, [](const Stretch& stretch) { return stretch.match; });
      break;
    case SplitBehavior::kIsolated: break;
    case SplitBehavior::kMergedWithPrevious: stretches = merge(stretches, first_of_matches); break;
    case SplitBehavior::kMergedWithNext:
      std::reverse(stretches.begin(), stretches.end());
      stretches = merge(stretches, first_of_matches);
      std::reverse(stretches.begin(), stretches.end());
      break;
    case SplitBehavior::kContiguous:
      stretches = merge(stretches, [](bool match, bool before) { return match == before; });
      break;
  }
  for (const Stretch& stretch : stretches) {
    if (stretch.begin < stretch.end) parts.push_back({text.slice(stretch.begin, stretch.end), {}});
  }
}

}  // namespace ascribo

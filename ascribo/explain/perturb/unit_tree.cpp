// SPDX-License-Identifier: MIT
// Cuts a row of units where sides, sentences, clauses and words begin.
#include "ascribo/explain/perturb/unit_tree.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "ascribo/base/utf8.h"
#include "ascribo/text/sentences.h"
#include "ascribo/text/text_words.h"

namespace ascribo {
namespace {

using Units = std::vector<std::size_t>;
// Whether a unit belongs to another part than the one before it.
using Cut = std::function<bool(std::size_t before, std::size_t unit)>;

std::vector<Units> parts_of(const Units& units, const Cut& cut) {
  std::vector<Units> parts;
  for (const std::size_t unit : units) {
    if (parts.empty() || cut(parts.back().back(), unit)) parts.emplace_back();
    parts.back().push_back(unit);
  }
  return parts;
}

void add_units(const UnitTree& child, Units& units) {
  units.insert(units.end(), child.units.begin(), child.units.end());
  std::sort(units.begin(), units.end());
}

UnitTree parent_of(std::vector<UnitTree> children) {
  if (children.size() == 1) return std::move(children.front());
  UnitTree parent;
  for (const UnitTree& child : children) add_units(child, parent.units);
  parent.children = std::move(children);
  return parent;
}

UnitTree grouped(std::vector<UnitTree> children, std::size_t most) {
  if (children.size() <= most) return parent_of(std::move(children));
  const std::size_t groups = std::min(most, (children.size() + most - 1) / most);
  std::vector<UnitTree> parents;
  for (std::size_t group = 0; group < groups; ++group) {
    const auto at = [&](std::size_t number) {
      return children.begin() + static_cast<std::ptrdiff_t>(number * children.size() / groups);
    };
    parents.push_back(grouped({at(group), at(group + 1)}, most));
  }
  return parent_of(std::move(parents));
}

UnitTree build(const Units& units, const std::vector<Cut>& cuts, std::size_t level,
               std::size_t most) {
  if (units.size() == 1) return {units, {}};
  std::vector<UnitTree> children;
  if (level == cuts.size()) {
    for (const std::size_t unit : units) children.push_back({{unit}, {}});
  } else {
    for (const Units& part : parts_of(units, cuts[level])) {
      children.push_back(build(part, cuts, level + 1, most));
    }
  }
  return grouped(std::move(children), most);
}

// The places of a text where something begins, by a rule for one side.
using Places = std::vector<std::int32_t>;

Cut between(const Task& task, Places (*find)(std::span<const char32_t>)) {
  const auto places = [find](const std::string& text) {
    std::u32string characters;
    for (const CodePoint& point : decode_utf8(text)) characters += point.value;
    return find(characters);
  };
  std::map<Side, Places> sides;
  for (const Side side : {Side::kText, Side::kPair, Side::kOutput}) {
    sides[side] = places(side_text(task.result, side));
  }
  return [&task, sides](std::size_t before, std::size_t unit) {
    const UnitInfo& left = task.result.units[before];
    const UnitInfo& right = task.result.units[unit];
    const Places& begins = sides.at(right.side);
    const auto part = [&](const UnitInfo& info) {
      return std::upper_bound(begins.begin(), begins.end(), info.start) - begins.begin();
    };
    return part(left) != part(right);
  };
}

bool is_special(const Task& task, std::size_t unit) {
  const auto& tokens = task.result.units[unit].tokens;
  return std::all_of(tokens.begin(), tokens.end(), [&](std::int64_t token) {
    return task.result.tokens[static_cast<std::size_t>(token)].special;
  });
}

}  // namespace

UnitTree unit_tree(const Task& task, std::size_t max_children) {
  const auto info = [&task](std::size_t unit) -> const UnitInfo& {
    return task.result.units[unit];
  };
  const std::vector<Cut> cuts = {
      [info](std::size_t a, std::size_t b) { return info(a).side != info(b).side; },
      between(task, find_sentences), between(task, find_clauses), between(task, find_text_words)};
  Units plain;
  std::vector<UnitTree> top;
  for (std::size_t unit = 0; unit < task.result.units.size(); ++unit) {
    if (!is_special(task, unit)) {
      plain.push_back(unit);
    } else {
      top.push_back({{unit}, {}});
    }
  }
  if (!plain.empty()) top.insert(top.begin(), build(plain, cuts, 0, max_children));
  return grouped(std::move(top), max_children);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Merges the two neighbours with the highest score until one group is left.
#include "ascribo/explain/perturb/merged_tree.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/character_classes.h"
#include "ascribo/text/unicode.h"

namespace ascribo {
namespace {

// A token as the merging looks at it.
struct Piece {
  std::u32string text;
  bool balanced = true;  // false: a parenthesis whose partner is not in its group yet
};

// Neighbouring tokens [begin, end), and the tree over those of them that are units.
struct Group {
  std::size_t begin = 0, end = 0;
  std::optional<UnitTree> tree = {};
};

using Pieces = std::vector<Piece>;

template <std::size_t kCount>
bool is_one_of(const std::u32string& text, const std::array<std::u32string_view, kCount>& words) {
  return std::find(words.begin(), words.end(), std::u32string_view(text)) != words.end();
}

constexpr std::array<std::u32string_view, 3> kConnectors = {U"but", U"and", U"or"};
constexpr std::array<std::u32string_view, 3> kEnds = {U".", U"?", U"!"};
constexpr std::array<std::u32string_view, 2> kAfterApostrophe = {U"t", U"s"};

bool in_brackets(const std::u32string& text) {
  return text.starts_with(U'[') && text.ends_with(U']');
}

// What comes off where a mark begins the second group, or ends the first.
int reach(const std::u32string& last, const std::u32string& first, std::size_t second_size,
          const auto& is_mark, int far) {
  int score = is_mark(last) ? -far : 0;
  if (is_mark(first)) score -= second_size > 1 ? far : 1;
  return score;
}

int merge_score(const Pieces& pieces, const Group& one, const Group& two) {
  const Piece &start = pieces[one.begin], &last = pieces[one.end - 1];
  const Piece &first = pieces[two.begin], &end = pieces[two.end - 1];
  const std::size_t size = two.end - two.begin;
  int score = 0;
  if (first.text.starts_with(U"##")) score += 20;
  const bool short_ending = size == 1 || (size == 2 && is_one_of(end.text, kAfterApostrophe));
  if (first.text == U"'" && short_ending) score += 15;
  if (last.text == U"'" && is_one_of(first.text, kAfterApostrophe)) score += 15;
  if (in_brackets(start.text) != in_brackets(end.text)) score -= 1000;
  if (first.text == U"(" && !first.balanced) score -= 100;
  if (last.text == U")" && !last.balanced) score -= 100;
  if (start.text == U"(") score -= 2;
  if (is_one_of(last.text, kConnectors) || is_one_of(first.text, kConnectors)) score -= 2;
  score += reach(
      last.text, first.text, size, [](const auto& text) { return text == U","; }, 10);
  score += reach(
      last.text, first.text, size, [](const auto& text) { return is_one_of(text, kEnds); }, 20);
  return score - static_cast<int>(two.end - one.begin);
}

std::u32string stripped(std::u32string_view text) {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
  return std::u32string(text);
}

bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

// Tokens reach up to the next one, so that white space belongs to the one before it; special ones
// stand at 0 and are empty. One that goes on with a word is marked.
Pieces pieces_of(const Task& task) {
  std::u32string text;
  for (const CodePoint& point : decode_utf8(task.result.input.text)) text += point.value;
  const std::vector<TokenInfo>& tokens = task.result.tokens;
  const auto start = [&](std::size_t i) { return tokens[i].special ? 0 : tokens[i].start; };
  const auto end = [&](std::size_t i) { return tokens[i].special ? 0 : tokens[i].end; };
  Pieces pieces;
  std::u32string before;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::int64_t stop = i + 1 < tokens.size() ? std::max(end(i), start(i + 1)) : end(i);
    const std::int64_t length = std::max<std::int64_t>(0, stop - start(i));
    const std::u32string segment =
        text.substr(static_cast<std::size_t>(start(i)), static_cast<std::size_t>(length));
    const bool goes_on = i > 0 && !before.empty() && is_word_character(before.back()) &&
                         !segment.empty() && is_letter(segment.front()) &&
                         !pieces.back().text.empty();
    std::u32string piece = goes_on ? U"##" + stripped(segment) : stripped(segment);
    const bool open = piece == U"(" || piece == U")";
    pieces.push_back({std::move(piece), !open});
    before = segment;
  }
  return pieces;
}

std::vector<Group> leaves(const Task& task) {
  std::vector<Group> groups(task.result.tokens.size());
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = {i, i + 1, {}};
  for (std::size_t unit = 0; unit < task.result.units.size(); ++unit) {
    const UnitInfo& info = task.result.units[unit];
    const auto token = static_cast<std::size_t>(info.tokens.front());
    if (info.tokens.size() != 1 || task.result.tokens[token].special) {
      fail(Code::kUnsupported, "partition", "compat is shap, and units are not single tokens",
           "expected --unit token, which that library scores");
    }
    groups[token].tree = UnitTree{{unit}, {}};
  }
  return groups;
}

std::optional<UnitTree> joined(std::optional<UnitTree> one, std::optional<UnitTree> two) {
  if (!one || !two) return one ? std::move(one) : std::move(two);
  UnitTree parent{one->units, {}};
  parent.units.insert(parent.units.end(), two->units.begin(), two->units.end());
  parent.children.push_back(std::move(*one));
  parent.children.push_back(std::move(*two));
  return parent;
}

}  // namespace

UnitTree merged_tree(const Task& task) {
  if (task.result.input.pair) {
    fail(Code::kUnsupported, "partition", "compat is shap, and a pair was given",
         "expected one text: that library masks strings");
  }
  Pieces pieces = pieces_of(task);
  std::vector<Group> groups = leaves(task);
  while (groups.size() > 1) {
    std::size_t best = 0;
    int highest = merge_score(pieces, groups[0], groups[1]);
    for (std::size_t i = 1; i + 1 < groups.size(); ++i) {
      const int score = merge_score(pieces, groups[i], groups[i + 1]);
      if (score > highest) std::tie(best, highest) = std::pair(i, score);
    }
    Group& one = groups[best];
    Group& two = groups[best + 1];
    Piece &open = pieces[one.begin], &close = pieces[two.end - 1];
    if (open.text == U"(" && close.text == U")") open.balanced = close.balanced = true;
    one = {one.begin, two.end, joined(std::move(one.tree), std::move(two.tree))};
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  return std::move(*groups.front().tree);
}

}  // namespace ascribo

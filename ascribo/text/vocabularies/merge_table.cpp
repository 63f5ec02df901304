// SPDX-License-Identifier: MIT
// Open addressing by pairs of ids.
#include "ascribo/text/vocabularies/merge_table.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

using Parts = std::pair<std::string_view, std::string_view>;

[[noreturn]] void fail_merge(std::size_t rank, const std::string& given,
                             const std::string& expected, std::string_view where) {
  fail(Code::kBadFile, where, "merge " + std::to_string(rank) + " " + given, expected);
}

/// The parts of a merge that is written as one text.
Parts read_parts(const Json& merge, std::size_t rank, std::string_view where) {
  if (merge.is_string()) {
    const std::string_view text = merge.string();
    const std::size_t space = text.find(' ');
    if (space != std::string_view::npos && text.find(' ', space + 1) == std::string_view::npos) {
      return {text.substr(0, space), text.substr(space + 1)};
    }
  }
  fail_merge(rank, "is " + merge.dump().substr(0, 100), R"(expected "a b" or ["a", "b"])", where);
}

[[noreturn]] void fail_missing(std::string_view piece, const Parts& parts, std::size_t rank,
                               std::int64_t count, std::string_view where) {
  fail_merge(
      rank,
      "(\"" + std::string(parts.first) + "\", \"" + std::string(parts.second) + "\") needs \"" +
          std::string(piece) + "\", which is not in the vocabulary",
      "expected both parts and what they make up among its " + std::to_string(count) + " pieces",
      where);
}

std::vector<std::string_view> read_all_parts(const Json& merges, std::string_view where) {
  std::vector<std::string_view> parts;
  parts.reserve(2 * merges.size());
  const auto add = [&](std::string_view left, std::string_view right) {
    parts.push_back(left);
    parts.push_back(right);
  };
  merges.pairs([&](const Json& left, const Json& right) { add(left.string(), right.string()); },
               [&](const Json& merge) {
                 if (merge.is_string() && merge.string().starts_with("#version")) return;
                 const auto [left, right] = read_parts(merge, parts.size() / 2, where);
                 add(left, right);
               });
  return parts;
}

}  // namespace

MergeTable::MergeTable(const Json& merges, const PieceTable& pieces, std::string_view prefix,
                       std::string_view where) {
  const std::vector<std::string_view> parts = read_all_parts(merges, where);
  std::vector<std::int64_t> ids(parts.size());
  pieces.find_each(parts, ids);
  const std::size_t capacity = std::bit_ceil(parts.size() * 3 / 4 + 2);
  shift_ = 64 - std::countr_zero(capacity);
  slots_.resize(capacity);
  std::string whole;
  std::int64_t usual = 0;
  constexpr std::size_t kAhead = 16;
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    if (i + 2 * kAhead < parts.size()) {
      __builtin_prefetch(
          &slots_[first_slot(pair_of(ids[i + 2 * kAhead], ids[i + 2 * kAhead + 1]))]);
    }
    const std::size_t rank = i / 2;
    const Parts both{parts[i], parts[i + 1]};
    for (const std::size_t side : {i, i + 1}) {
      if (ids[side] < 0) fail_missing(parts[side], both, rank, pieces.size(), where);
    }
    whole = both.first;
    whole += both.second.substr(std::min(prefix.size(), both.second.size()));
    // Most vocabularies number their pieces in the order of the merges: then the look-up is saved.
    if (pieces.piece(usual) != std::string_view(whole)) {
      const auto id = pieces.find(whole);
      if (!id) fail_missing(whole, both, rank, pieces.size(), where);
      usual = *id;
    }
    add(pair_of(ids[i], ids[i + 1]),
        {static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(usual)});
    ++usual;
  }
}

std::size_t MergeTable::slot_of(std::uint64_t pair) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = first_slot(pair);
  while (slots_[at].pair != kFree && slots_[at].pair != pair) at = (at + 1) & mask;
  return at;
}

void MergeTable::add(std::uint64_t pair, const Merge& merge) {
  Slot& slot = slots_[slot_of(pair)];
  size_ += slot.pair == kFree;
  slot = {pair, merge};  // of a merge that comes twice the last holds
}

const MergeTable::Merge* MergeTable::find(std::uint32_t left, std::uint32_t right) const {
  const Slot& slot = slots_[slot_of(pair_of(left, right))];
  return slot.pair == kFree ? nullptr : &slot.merge;
}

}  // namespace ascribo

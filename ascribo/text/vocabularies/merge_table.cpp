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

Parts read_parts(const Json& merge, std::size_t rank, std::string_view where) {
  if (merge.is_string()) {
    const std::string_view text = merge.string();
    const std::size_t space = text.find(' ');
    if (space != std::string_view::npos && text.find(' ', space + 1) == std::string_view::npos) {
      return {text.substr(0, space), text.substr(space + 1)};
    }
  } else if (merge.is_array()) {
    Parts parts;
    std::size_t count = 0;
    merge.elements([&](const Json& part) {
      if (count < 2) (count == 0 ? parts.first : parts.second) = part.string();
      ++count;
    });
    if (count == 2) return parts;
  }
  fail_merge(rank, "is " + merge.dump().substr(0, 100), R"(expected "a b" or ["a", "b"])", where);
}

std::uint32_t id_of(std::string_view piece, const Parts& parts, std::size_t rank,
                    const PieceTable& pieces, std::string_view where) {
  if (const auto id = pieces.find(piece)) return static_cast<std::uint32_t>(*id);
  fail_merge(rank,
             "(\"" + std::string(parts.first) + "\", \"" + std::string(parts.second) +
                 "\") needs \"" + std::string(piece) + "\", which is not in the vocabulary",
             "expected both parts and what they make up among its " +
                 std::to_string(pieces.size()) + " pieces",
             where);
}

}  // namespace

MergeTable::MergeTable(const Json& merges, const PieceTable& pieces, std::string_view prefix,
                       std::string_view where) {
  const std::size_t capacity = std::bit_ceil(merges.size() * 3 / 2 + 2);
  shift_ = 64 - std::countr_zero(capacity);
  slots_.resize(capacity);
  std::string whole;
  std::size_t rank = 0;
  std::int64_t usual = 0;
  merges.elements([&](const Json& merge) {
    if (merge.is_string() && merge.string().starts_with("#version")) return;
    const Parts parts = read_parts(merge, rank, where);
    const std::uint32_t left = id_of(parts.first, parts, rank, pieces, where);
    const std::uint32_t right = id_of(parts.second, parts, rank, pieces, where);
    whole = parts.first;
    whole += parts.second.substr(std::min(prefix.size(), parts.second.size()));
    // Most vocabularies number their pieces in the order of the merges: then the look-up is saved.
    if (pieces.piece(usual) != std::string_view(whole)) {
      usual = id_of(whole, parts, rank, pieces, where);
    }
    add(left, right, {static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(usual)});
    ++usual;
    ++rank;
  });
}

std::size_t MergeTable::slot_of(std::uint64_t pair) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (pair * 0x9E3779B97F4A7C15U) >> shift_;
  while (slots_[at].pair != kFree && slots_[at].pair != pair) at = (at + 1) & mask;
  return at;
}

void MergeTable::add(std::uint32_t left, std::uint32_t right, const Merge& merge) {
  const std::uint64_t pair = std::uint64_t{left} << 32 | right;
  Slot& slot = slots_[slot_of(pair)];
  size_ += slot.pair == kFree;
  slot = {pair, merge};  // of a merge that comes twice the last holds
}

const MergeTable::Merge* MergeTable::find(std::uint32_t left, std::uint32_t right) const {
  const Slot& slot = slots_[slot_of(std::uint64_t{left} << 32 | right)];
  return slot.pair == kFree ? nullptr : &slot.merge;
}

}  // namespace ascribo

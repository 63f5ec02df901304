// SPDX-License-Identifier: MIT
// Positions, types and the length of a sequence.
#include "ascribo/explain/inputs/sequence.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

template <class T>
void keep_only(std::vector<T>& values, const std::vector<std::uint8_t>& keep) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!keep[i]) continue;
    if (kept != i) values[kept] = std::move(values[i]);
    ++kept;
  }
  values.resize(kept);
}

}  // namespace

std::vector<std::int64_t> number_positions(const std::vector<std::int64_t>& ids,
                                           const ModelInfo& model) {
  std::vector<std::int64_t> positions(ids.size());
  if (!model.padding_position) {
    std::iota(positions.begin(), positions.end(), std::int64_t{0});
    return positions;
  }
  const std::int64_t padding = *model.padding_position;
  std::int64_t last = padding;
  std::transform(ids.begin(), ids.end(), positions.begin(),
                 [&](std::int64_t id) { return id == padding ? padding : ++last; });
  return positions;
}

Sequence to_sequence(const Encoding& encoding, const ModelInfo& model) {
  Sequence sequence;
  sequence.ids = encoding.ids;
  sequence.positions = number_positions(encoding.ids, model);
  sequence.type_ids = encoding.type_ids;
  if (model.type_vocab <= 1) sequence.type_ids.assign(encoding.size(), 0);
  return sequence;
}

std::string truncate(Encoding& encoding, std::int64_t tokens) {
  // Of each side, the tokens not yet cut, last one at the end.
  std::array<std::vector<std::size_t>, 2> sides;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const auto side = encoding.sides[i];
    if (side) sides[static_cast<std::size_t>(*side)].push_back(i);
  }
  const auto before = static_cast<std::int64_t>(encoding.size());
  const std::array<std::size_t, 2> lengths = {sides[0].size(), sides[1].size()};
  std::vector<std::uint8_t> keep(encoding.size(), 1);
  for (std::int64_t left = before; left > tokens; --left) {
    auto& longer = sides[0].size() > sides[1].size() ? sides[0] : sides[1];
    if (longer.empty()) {
      fail(Code::kTooLong, "truncate", std::to_string(left) + " special tokens are left",
           "expected at most " + std::to_string(tokens));
    }
    keep[longer.back()] = 0;
    longer.pop_back();
  }
  if (before <= tokens) return "";
  keep_only(encoding.ids, keep);
  keep_only(encoding.tokens, keep);
  keep_only(encoding.offsets, keep);
  keep_only(encoding.word_ids, keep);
  keep_only(encoding.type_ids, keep);
  keep_only(encoding.sides, keep);
  keep_only(encoding.special, keep);
  const auto cut = [&](std::size_t side) {
    return std::to_string(lengths[side] - sides[side].size()) + " of " +
           std::to_string(lengths[side]) + " tokens";
  };
  std::string note = "truncated: the last " + cut(0) + " of the text are left out";
  if (lengths[1] > sides[1].size()) {
    note = lengths[0] > sides[0].size()
               ? "truncated: the last " + cut(0) + " of the text and the last " + cut(1) +
                     " of the pair are left out"
               : "truncated: the last " + cut(1) + " of the pair are left out";
  }
  return note;
}

void check_length(std::int64_t tokens, const ModelInfo& model) {
  if (tokens <= model.max_positions) return;
  fail(Code::kTooLong, "text",
       std::to_string(tokens) + " tokens, special tokens included, were given",
       "expected at most the model's " + std::to_string(model.max_positions) + " positions",
       "use --truncate to cut the text, or --window N to explain it in overlapping windows");
}

}  // namespace ascribo

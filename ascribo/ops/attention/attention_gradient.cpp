// SPDX-License-Identifier: MIT
// A seed's queries of a sequence are one range of rows, and the same rows of probabilities in every
// head.
#include "ascribo/ops/attention/attention_gradient.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

using Range = GradientRows::Range;
using BySeed = std::vector<std::vector<RowRange>>;

// One sequence of a layout.
struct Place {
  std::size_t sequence = 0;
  std::int64_t first_query = 0, queries = 0, first_key = 0, keys = 0;
  std::int64_t probs_at = 0;
};

std::vector<Place> places(const AttentionLayout& layout) {
  const std::vector<std::int64_t> probs_offsets = layout.probs_offsets();
  std::vector<Place> all;
  for (std::size_t s = 0; s + 1 < layout.key_offsets.size(); ++s) {
    const std::int64_t query = layout.query_offsets[s], key = layout.key_offsets[s];
    all.push_back({s, query, layout.query_offsets[s + 1] - query, key,
                   layout.key_offsets[s + 1] - key, probs_offsets[s]});
  }
  return all;
}

BySeed by_seed(std::int64_t seeds) { return BySeed(static_cast<std::size_t>(seeds)); }

// The first head's rows of probabilities that a seed has of a sequence, counted in queries from its
// first; `at` is the element of the gradient. Nothing when heads differ or rows are not whole.
std::optional<Range> queries_of(const GradientRows& probs, std::int64_t seed, const Place& place,
                                std::int64_t heads) {
  const std::int64_t size = place.queries * place.keys;
  std::optional<Range> first;
  for (std::int64_t head = 0; head < heads; ++head) {
    const std::int64_t begin = place.probs_at + head * size;
    std::optional<Range> own = probs.within(seed, begin, begin + size);
    if (!own) return std::nullopt;
    own->row -= begin;
    if (head == 0) first = own;
    if (own->row != first->row || own->count != first->count) return std::nullopt;
  }
  if (size == 0) return Range{};
  if (first->row % place.keys != 0 || first->count % place.keys != 0) return std::nullopt;
  return Range{first->row / place.keys, first->count / place.keys, first->at};
}

}  // namespace

GradientRowsPtr probs_rows(const AttentionLayout& layout, const GradientRows& queries) {
  BySeed found = by_seed(queries.seeds());
  for (std::int64_t seed = 0; seed < queries.seeds(); ++seed) {
    for (const Place& place : places(layout)) {
      const auto own = queries.within(seed, place.first_query, place.first_query + place.queries);
      if (!own) return nullptr;
      for (std::int64_t head = 0; head < layout.heads && own->count > 0; ++head) {
        const std::int64_t row = head * place.queries + own->row - place.first_query;
        found[static_cast<std::size_t>(seed)].push_back(
            {place.probs_at + row * place.keys, own->count * place.keys});
      }
    }
  }
  return std::make_shared<GradientRows>(layout.probs_offsets().back(), found);
}

GradientRowsPtr query_rows(const AttentionLayout& layout, const GradientRows& probs) {
  BySeed found = by_seed(probs.seeds());
  for (std::int64_t seed = 0; seed < probs.seeds(); ++seed) {
    for (const Place& place : places(layout)) {
      const auto own = queries_of(probs, seed, place, layout.heads);
      if (!own) return nullptr;
      found[static_cast<std::size_t>(seed)].push_back({place.first_query + own->row, own->count});
    }
  }
  return std::make_shared<GradientRows>(layout.query_offsets.back(), found);
}

GradientRowsPtr reached_keys(const AttentionLayout& layout, const GradientRows& queries,
                             bool causal) {
  const std::vector<std::int64_t> query_places = layout.query_places();
  BySeed found = by_seed(queries.seeds());
  for (std::int64_t seed = 0; seed < queries.seeds(); ++seed) {
    for (const Place& place : places(layout)) {
      std::int64_t reach = 0;
      for (const Range& range :
           queries.meeting(seed, place.first_query, place.first_query + place.queries)) {
        const std::int64_t end =
            std::min(range.row + range.count, place.first_query + place.queries);
        for (std::int64_t i = std::max(range.row, place.first_query); i < end; ++i) {
          const std::int64_t last = query_places[static_cast<std::size_t>(i)] + 1;
          reach = std::max(reach, causal ? std::min(last, place.keys) : place.keys);
        }
      }
      found[static_cast<std::size_t>(seed)].push_back({place.first_key, reach});
    }
  }
  return std::make_shared<GradientRows>(layout.key_offsets.back(), found);
}

void for_each_gradient_block(const AttentionLayout& layout, std::int64_t hidden,
                             const AttentionRows& rows,
                             const std::function<void(const GradientBlock&, Scratch&)>& function) {
  struct Piece {
    std::int64_t seed;
    Place place;
    Range queries, keys;  // those of keys start with the sequence's first
    std::int64_t query_at;
  };
  std::vector<Piece> pieces;
  // Cost grows with queries times keys; empty blocks count, too, as they may have to write zeros.
  std::vector<std::int64_t> costs{0};
  for (std::int64_t seed = 0; seed < rows.probs->seeds(); ++seed) {
    for (const Place& place : places(layout)) {
      Piece piece{seed, place, {}, {place.first_key, place.keys, 0}, 0};
      const auto queries = queries_of(*rows.probs, seed, place, layout.heads);
      ASCRIBO_ASSERT(queries);
      piece.queries = *queries;
      if (rows.keys) {
        piece.keys = *rows.keys->within(seed, place.first_key, place.first_key + place.keys);
      }
      if (queries->count == 0 && piece.keys.count == 0) continue;
      if (rows.queries) {
        const std::int64_t first = place.first_query + queries->row;
        piece.query_at = rows.queries->within(seed, first, first + queries->count)->at;
      }
      costs.push_back(costs.back() + layout.heads * (queries->count + 1) * (piece.keys.count + 1));
      pieces.push_back(piece);
    }
  }
  const std::vector<std::int64_t> probs_offsets = layout.probs_offsets();
  // A range of costs owns the blocks that start in it.
  parallel_ranges(costs.back(), hidden / layout.heads, [&](std::int64_t begin, std::int64_t end) {
    Scratch scratch;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Piece& piece = pieces[i];
      const std::int64_t cost = (costs[i + 1] - costs[i]) / layout.heads;
      for (std::int64_t head = 0; head < layout.heads; ++head) {
        const std::int64_t start = costs[i] + head * cost;
        if (start < begin || start >= end) continue;
        GradientBlock own{block_of(layout, probs_offsets, hidden, piece.place.sequence, head)};
        AttentionBlock& block = own.block;
        block.query_at += piece.queries.row * hidden;
        block.probs_at += piece.queries.row * block.row;
        block.queries = piece.queries.count;
        block.keys = piece.keys.count;
        own.query_at = piece.query_at * hidden + head * block.width;
        own.key_at = piece.keys.at * hidden + head * block.width;
        own.probs_at = piece.queries.at + head * block.queries * block.row;
        function(own, scratch);
      }
    }
  });
}

}  // namespace ascribo::ops

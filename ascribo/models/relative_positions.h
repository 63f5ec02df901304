// SPDX-License-Identifier: MIT
// How attention knows of positions other than by the embeddings, in the ways of published models.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/models/norm.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/linear.h"
#include "ascribo/ops/relative_scores.h"

namespace ascribo {

struct RotaryScaling;

/// Angles of rotary positions, position times frequency for every pair of columns (Su et al. 2021),
/// in single precision as models were trained. Const methods may be called concurrently.
class RotaryAngles {
 public:
  /// `width` columns of a head turn; the frequencies are theta^(-2d / width) for the pair d.
  RotaryAngles(std::int64_t width, double theta, Dtype compute);
  RotaryAngles(std::int64_t width, const RotaryScaling& scaling, Dtype compute);

  /// `[positions or more, width]`, as ops::rotary reads them; kept for the next who asks.
  Tensor up_to(std::int64_t positions) const;

 private:
  std::vector<float> frequencies_;
  double attention_factor_;
  Dtype compute_;
  mutable std::mutex mutex_;
  mutable Tensor known_;
};

/// The row of DeBERTa's distance table (He et al. 2021) for every distance from -reach to reach:
/// each its own up to buckets / 2, then logarithmically wider ones up to `farthest`; without
/// buckets (0 or less) each its own up to `farthest`.
std::vector<std::int32_t> distance_rows(std::int64_t reach, std::int64_t buckets,
                                        std::int64_t farthest);

/// DeBERTa's embedded distances as the projections of one layer see them, computed when first asked
/// for. Const methods may be called concurrently.
class DistanceTables {
 public:
  /// embeddings `[buckets, hidden]` as published, normalised if `norm` is defined. A projection
  /// that is undefined leaves its table out. `rows` as from distance_rows(). Without `keep`,
  /// weights may change.
  DistanceTables(Tensor embeddings, Norm norm, LinearWeight keys, LinearWeight queries,
                 std::vector<std::int32_t> rows, Dtype compute, bool keep = true);

  /// Made anew in every run where weights may have changed, or values are left out.
  std::shared_ptr<const RelativeTables> tables(double dropout, Run& run) const;

 private:
  RelativeTables make(double dropout, Run& run) const;

  Tensor embeddings_;
  Norm norm_;
  LinearWeight keys_, queries_;
  std::vector<std::int32_t> rows_;
  Dtype compute_;
  bool keep_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const RelativeTables> tables_;
};

/// One bias per head and distance from a table of buckets `[buckets, heads]` (Raffel et al. 2020,
/// both directions): `[heads, 2 reach + 1]`, entry reach + j - i for a query at i and a key at j.
/// Half of the buckets are for keys ahead; in each half the first half are single distances, the
/// rest logarithmically wider up to `farthest`.
Tensor distance_biases(const Tensor& table, std::int64_t reach, std::int64_t farthest,
                       Dtype compute);

/// distance_biases() of a table that, without `keep`, may change. Const methods may be called
/// concurrently.
class DistanceBiases {
 public:
  DistanceBiases(Tensor table, std::int64_t reach, std::int64_t farthest, Dtype compute, bool keep);

  Variable biases(const Run& run) const;

 private:
  Tensor table_, kept_;
  std::int64_t reach_, farthest_;
};

/// Biases that grow with distance, -slope |j - i| for a key at j and a query at i, with a slope of
/// its own for every head (Press et al. 2022; for numbers of heads that are no power of two, as
/// Bloom interpolates). Bloom adds slope j instead: in one query's row that differs by a constant,
/// which softmax does not see. Const methods may be called concurrently.
class AlibiBiases {
 public:
  AlibiBiases(std::int64_t heads, Dtype compute);

  /// `[heads, 2 reach + 1]` for this reach or more, as ScoreTerms::by_distance; kept for the next
  /// who asks.
  Tensor up_to(std::int64_t reach) const;

 private:
  std::vector<float> slopes_;
  Dtype compute_;
  mutable std::mutex mutex_;
  mutable Tensor known_;
};

/// What one layer's attention knows of positions; what is undefined is left out.
struct RelativePositions {
  std::shared_ptr<const RotaryAngles> rotary = nullptr;
  bool causal = false;       ///< no key after a query's own place is seen
  std::int64_t window = -1;  ///< keys further away are not seen; negative: all are
  std::shared_ptr<const DistanceBiases> biases = nullptr;
  std::shared_ptr<const AlibiBiases> alibi = nullptr;  ///< in place of biases
  std::shared_ptr<const DistanceTables> distances = nullptr;
  std::int64_t terms = 1;  ///< products that a score is a sum of: their number goes into its scale
};

/// Queries or keys `[rows, heads * width]` with rotary positions turned into them, if `relative`
/// has these: `places` as from the layout.
Variable turned(const RelativePositions& relative, const Variable& x, std::int64_t heads,
                const AttentionLayout& layout,
                std::vector<std::int64_t> (AttentionLayout::*places)() const);

/// softmax of the scores q k^T / sqrt(width of a head * terms) and what `relative` adds to them;
/// q and k as turned() leaves them. Positions are those of rows in their sequences; embedded
/// distances are left out at the rate `dropout`.
Variable relative_attention_probs(const RelativePositions& relative, const Variable& q,
                                  const Variable& k,
                                  const std::shared_ptr<const AttentionLayout>& layout,
                                  double dropout, Run& run);

}  // namespace ascribo

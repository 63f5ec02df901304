// SPDX-License-Identifier: MIT
// Finds equal rows by how they begin, and takes them only if all of them is equal.
#include "ascribo/models/rows/distinct_rows.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "ascribo/base/profile.h"
#include "ascribo/models/training/apply.h"
#include "ascribo/ops/select_rows.h"

namespace ascribo {
namespace {

// Rows that begin alike are nearly always equal; one that is not counts as distinct, and is no
// longer looked for.
constexpr std::size_t kBeginning = 64;  // bytes

}  // namespace

DistinctRows::DistinctRows(const Variable& x) {
  const ProfileScope scope("models", "distinct rows");
  const Tensor& rows = x.value();
  if (x.requires_grad() || rows.cols() == 0) return;
  const std::size_t bytes = static_cast<std::size_t>(rows.cols()) * dtype_size(rows.dtype());
  const auto* data = static_cast<const char*>(rows.raw());
  std::unordered_map<std::string_view, std::int64_t> known;
  for (std::int64_t i = 0; i < rows.rows(); ++i) {
    const char* row = data + static_cast<std::size_t>(i) * bytes;
    const auto next = static_cast<std::int64_t>(firsts_.size());
    const auto at = known.try_emplace({row, std::min(bytes, kBeginning)}, next).first->second;
    const bool equal =
        at < next &&
        std::memcmp(row,
                    data + static_cast<std::size_t>(firsts_[static_cast<std::size_t>(at)]) * bytes,
                    bytes) == 0;
    distinct_.push_back(equal ? at : next);
    if (!equal) firsts_.push_back(i);
    if (2 * firsts_.size() > static_cast<std::size_t>(rows.rows())) break;
  }
  if (2 * firsts_.size() > static_cast<std::size_t>(rows.rows())) firsts_.clear();
}

Variable DistinctRows::project(const LinearWeight& weight, const Variable& x,
                               const Run& run) const {
  if (!found()) return apply(weight, x, run);
  return ops::select_rows(apply(weight, ops::select_rows(x, firsts_), run), distinct_);
}

}  // namespace ascribo

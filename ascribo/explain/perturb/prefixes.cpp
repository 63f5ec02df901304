// SPDX-License-Identifier: MIT
// Compares neighbouring masks and cuts the row of them into groups.
#include "ascribo/explain/perturb/prefixes.h"

#include <algorithm>

namespace ascribo {
namespace {

using Flags = std::vector<std::uint8_t>;

constexpr std::int64_t kLeastRows = 256;  // of a group
constexpr std::int64_t kTexts = 8;        // likewise, as many times the text

// Tokens that are left of the first `count`.
std::int64_t left(const Flags& hidden, std::int64_t count, bool deletes) {
  return deletes ? std::count(hidden.begin(), hidden.begin() + count, std::uint8_t{0}) : count;
}

// What a mask shares with the one before it, if that may be as much as it can.
SharedRows with_previous(const Task& task, const Flags& before, const Flags& hidden, bool deletes) {
  const auto size = static_cast<std::int64_t>(hidden.size());
  const auto differs = std::mismatch(hidden.begin(), hidden.end(), before.begin()).first;
  const std::int64_t same = left(hidden, differs - hidden.begin(), deletes);
  const std::int64_t rows = left(hidden, size, deletes);
  const std::vector<std::int64_t>& reads = task.sequence.reads;
  // The row that is left answers, too.
  const std::int64_t most =
      reads.empty() ? std::max<std::int64_t>(0, rows - 1) : left(hidden, reads.back(), deletes);
  const std::int64_t shared = std::min(same, most);
  return {shared, rows - shared};
}

}  // namespace

std::vector<SharedRows> share_prefixes(const Task& task, std::span<const Flags* const> hidden,
                                       bool deletes, std::int64_t batch_tokens) {
  std::vector<SharedRows> masks;
  std::int64_t all = 0;
  const std::int64_t length = task.sequence.size();
  for (const Flags* each : hidden) {
    masks.push_back(masks.empty() ? SharedRows{0, left(*each, length, deletes)}
                                  : with_previous(task, *hidden[masks.size() - 1], *each, deletes));
    all += masks.back().rows;
  }
  const std::int64_t least =
      std::min(std::max(kLeastRows, kTexts * length), std::max(batch_tokens / 4, length));
  std::int64_t groups = 1;
  while (2 * groups * least <= all) groups *= 2;
  std::int64_t rows = 0, group = 0;
  for (SharedRows& each : masks) {
    const std::int64_t own = rows * groups / std::max<std::int64_t>(1, all);
    rows += each.rows;
    if (own != group) each = {0, each.shared + each.rows};
    group = own;
  }
  return masks;
}

}  // namespace ascribo

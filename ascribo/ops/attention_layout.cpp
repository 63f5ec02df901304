// SPDX-License-Identifier: MIT
// Offsets into ragged probabilities, and layouts for the conformance tests.
#include "ascribo/ops/attention_block.h"

namespace ascribo {

std::vector<std::int64_t> AttentionLayout::probs_offsets() const {
  std::vector<std::int64_t> offsets{0};
  for (std::size_t s = 0; s + 1 < key_offsets.size(); ++s) {
    const std::int64_t queries = query_offsets[s + 1] - query_offsets[s];
    const std::int64_t keys = key_offsets[s + 1] - key_offsets[s];
    offsets.push_back(offsets.back() + heads * queries * keys);
  }
  return offsets;
}

namespace ops {

std::shared_ptr<const AttentionLayout> sample_layout(std::span<const SampleUnit> units,
                                                     std::int64_t heads, bool hide,
                                                     bool one_query) {
  auto layout = std::make_shared<AttentionLayout>();
  layout->heads = heads;
  layout->query_offsets = {0};
  layout->key_offsets = {0};
  for (const SampleUnit& unit : units) {
    const std::int64_t queries = one_query ? std::min<std::int64_t>(1, unit.length) : unit.length;
    layout->query_offsets.push_back(layout->query_offsets.back() + queries);
    layout->key_offsets.push_back(layout->key_offsets.back() + unit.length);
    for (std::int64_t i = 0; hide && i < unit.length; ++i) layout->visible.push_back(i % 4 != 2);
  }
  return layout;
}

}  // namespace ops
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Puts sequences one after another.
#include "ascribo/models/batch.h"

#include <utility>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

template <class T>
void extend(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

template <class T>
std::vector<T> rest(const std::vector<T>& from, std::int64_t first) {
  if (from.empty()) return {};
  return {from.begin() + first, from.end()};
}

}  // namespace

Sequence following(const Sequence& whole, std::shared_ptr<const Past> past) {
  const std::int64_t before = past ? past->size() : 0;
  ASCRIBO_ASSERT(!whole.past && before < whole.size());
  Sequence sequence{.ids = rest(whole.ids, before),
                    .positions = rest(whole.positions, before),
                    .type_ids = rest(whole.type_ids, before),
                    .visible = rest(whole.visible, before),
                    .reads = whole.reads,
                    .past = std::move(past)};
  for (std::int64_t& read : sequence.reads) {
    read -= before;
    ASCRIBO_ASSERT(read >= 0);
  }
  return sequence;
}

void Batch::append(const Sequence& sequence) {
  ASCRIBO_ASSERT(sequence.positions.size() == sequence.ids.size());
  ASCRIBO_ASSERT(sequence.type_ids.size() == sequence.ids.size());
  ASCRIBO_ASSERT(sequence.visible.empty() || sequence.visible.size() == sequence.ids.size());
  // The mask exists only once a sequence hides something; then everybody else's rows are seen.
  if (!sequence.visible.empty() && visible.empty()) visible.assign(ids.size(), 1);
  if (!sequence.visible.empty()) {
    extend(visible, sequence.visible);
  } else if (!visible.empty()) {
    visible.resize(visible.size() + sequence.ids.size(), 1);
  }
  if (sequence.past && pasts.empty()) pasts.resize(static_cast<std::size_t>(sequences()));
  if (sequence.past || !pasts.empty()) pasts.push_back(sequence.past);
  const std::int64_t first = offsets.back();
  for (std::int64_t i = 0; sequence.reads.empty() && i < sequence.size(); ++i) {
    reads.push_back(first + i);
  }
  for (const std::int64_t read : sequence.reads) reads.push_back(first + read);
  read_offsets.push_back(static_cast<std::int64_t>(reads.size()));
  extend(ids, sequence.ids);
  extend(positions, sequence.positions);
  extend(type_ids, sequence.type_ids);
  offsets.push_back(static_cast<std::int64_t>(ids.size()));
}

}  // namespace ascribo

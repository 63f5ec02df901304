// SPDX-License-Identifier: MIT
// Puts sequences one after another.
#include "ascribo/models/batch.h"

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

template <class T>
void extend(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

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

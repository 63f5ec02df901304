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

Sequence rest_of(const Sequence& whole, std::int64_t first) {
  ASCRIBO_ASSERT(!whole.past && whole.shared == 0 && first < whole.size());
  Sequence sequence{.ids = rest(whole.ids, first),
                    .positions = rest(whole.positions, first),
                    .type_ids = rest(whole.type_ids, first),
                    .visible = rest(whole.visible, first)};
  for (const std::int64_t read : whole.reads) {
    if (read >= first) sequence.reads.push_back(read - first);
  }
  ASCRIBO_ASSERT(whole.reads.empty() == sequence.reads.empty());
  return sequence;
}

Sequence following(const Sequence& whole, std::shared_ptr<const Past> past) {
  Sequence sequence = rest_of(whole, past ? past->size() : 0);
  sequence.past = std::move(past);
  return sequence;
}

// The tokens of the next sequence: some of those of the one before, then rows of its own.
void Batch::append_tokens(std::int64_t first, std::int64_t count, std::int64_t from_before) {
  if (shared.empty()) {
    shared.assign(static_cast<std::size_t>(sequences()), 0);
    for (std::int64_t row = 0; row < first; ++row) token_rows.push_back(row);
    token_offsets = offsets;
  }
  const std::size_t last = token_offsets.size() - 1;
  ASCRIBO_ASSERT(last > 0 && from_before <= token_offsets[last] - token_offsets[last - 1]);
  for (std::int64_t i = 0; i < from_before; ++i) {
    token_rows.push_back(token_rows[static_cast<std::size_t>(token_offsets[last - 1] + i)]);
  }
  for (std::int64_t i = 0; i < count; ++i) token_rows.push_back(first + i);
  token_offsets.push_back(static_cast<std::int64_t>(token_rows.size()));
  shared.push_back(from_before);
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
  if (sequence.shared > 0 || !shared.empty()) {
    append_tokens(first, sequence.size(), sequence.shared);
  }
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

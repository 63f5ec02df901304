// SPDX-License-Identifier: MIT
// Streams of numbers, keyed by what the model sees of a text.
#include "ascribo/explain/draws.h"

namespace ascribo {

std::uint64_t draw_key(const Sequence& sequence) {
  std::uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&](std::int64_t number) {
    for (int byte = 0; byte < 8; ++byte) {
      hash ^= (static_cast<std::uint64_t>(number) >> (8 * byte)) & 0xFF;
      hash *= 0x100000001B3;
    }
  };
  for (const std::int64_t id : sequence.ids) add(id);
  for (const std::int64_t type : sequence.type_ids) add(type);
  return hash;
}

Rng draw(const Task& task, Draw what, std::uint64_t number, std::uint64_t position) {
  return Rng(task.result.seed,
             {draw_key(task.sequence), static_cast<std::uint64_t>(what), number, position});
}

}  // namespace ascribo

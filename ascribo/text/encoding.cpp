// SPDX-License-Identifier: MIT
// Puts encodings together.
#include "ascribo/text/encoding.h"

namespace ascribo {
namespace {

template <class T>
void extend(std::vector<T>& list, const std::vector<T>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

void Encoding::append(const Encoding& other) {
  extend(ids, other.ids);
  extend(tokens, other.tokens);
  extend(offsets, other.offsets);
  extend(word_ids, other.word_ids);
  extend(type_ids, other.type_ids);
  extend(sides, other.sides);
  extend(special, other.special);
}

void Encoding::append_special(std::int64_t id, const std::string& token, std::int64_t type_id) {
  ids.push_back(id);
  tokens.push_back(token);
  offsets.emplace_back();
  word_ids.emplace_back();
  type_ids.push_back(type_id);
  sides.emplace_back();
  special.push_back(1);
}

}  // namespace ascribo

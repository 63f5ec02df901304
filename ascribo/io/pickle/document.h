// SPDX-License-Identifier: MIT
// The values of a pickle, side by side: they refer to each other by number, so that cycles are
// harmless and everything is freed at once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/io/pickle.h"

namespace ascribo {

constexpr std::uint32_t kNoValue = 0xFFFFFFFFU;

struct PickleNode {
  PickleValue::Kind kind = PickleValue::Kind::kNone;
  std::uint32_t maker = kNoValue;      ///< object: its class or function; persistent: its id
  std::uint32_t arguments = kNoValue;  ///< object: a tuple
  std::uint32_t state = kNoValue;      ///< of anything that BUILD was applied to
  union {
    std::int64_t integer = 0;  ///< of a bool as well
    double number;
  };
  std::string_view text = {};  ///< string, bytes, a big integer's bytes, a global's name
  /// Of a list, tuple or set; of a dict key, value, key, value, ...; what was put into an object.
  std::vector<std::uint32_t> items = {};
  bool pairs = false;  ///< the items are keys and values
};

struct PickleDocument {
  std::string where;
  std::deque<PickleNode> nodes;
  std::deque<std::string> texts;  ///< those that are not in the pickle as they are
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Shows a pickle's value as Python would print it, to be compared at a glance.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "ascribo/io/pickle.h"

namespace ascribo {

/// A pickle from a literal; zeros inside are part of it.
template <std::size_t kSize>
std::string bytes_of(const char (&literal)[kSize]) {
  return {literal, kSize - 1};
}

inline PickleValue read_pickle(std::string_view bytes, std::size_t* length = nullptr) {
  return PickleValue::read(std::as_bytes(std::span(bytes)), "p", length);
}

/// "..." below `depth`, so that values which contain themselves come to an end.
inline std::string shown(const PickleValue& value, int depth = 6) {
  using Kind = PickleValue::Kind;
  if (depth == 0) return "...";
  std::string inner;
  const auto add = [&](const std::string& text) { inner += (inner.empty() ? "" : ", ") + text; };
  value.elements([&](const PickleValue& each) { add(shown(each, depth - 1)); });
  if (value.is(Kind::kDict) || value.is(Kind::kObject)) {
    value.members([&](const PickleValue& key, const PickleValue& each) {
      add(shown(key, depth - 1) + ": " + shown(each, depth - 1));
    });
  }
  const auto text_of = [](std::span<const std::byte> bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  std::string text;
  switch (value.kind()) {
    case Kind::kNone: text = "None"; break;
    case Kind::kBool: text = value.boolean() ? "True" : "False"; break;
    case Kind::kInteger: text = std::to_string(value.integer()); break;
    case Kind::kBigInteger: text = "big " + std::to_string(value.bytes().size()); break;
    case Kind::kNumber: text = std::to_string(value.number()); break;
    case Kind::kString: text = "'" + std::string(value.string()) + "'"; break;
    case Kind::kBytes: text = "b'" + text_of(value.bytes()) + "'"; break;
    case Kind::kList: text = "[" + inner + "]"; break;
    case Kind::kTuple: text = "(" + inner + ")"; break;
    case Kind::kSet: text = "set{" + inner + "}"; break;
    case Kind::kDict: text = "{" + inner + "}"; break;
    case Kind::kGlobal: text = std::string(value.name()); break;
    case Kind::kPersistent: text = "persistent " + shown(value.persistent_id(), depth - 1); break;
    case Kind::kObject:
      text = std::string(value.name()) + shown(value.arguments(), depth - 1);
      if (!inner.empty()) text += "<" + inner + ">";
      break;
  }
  if (const auto state = value.state()) text += " with " + shown(*state, depth - 1);
  return text;
}

}  // namespace ascribo

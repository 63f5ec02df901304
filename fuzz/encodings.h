// SPDX-License-Identifier: MIT
// What must hold of every encoding, whatever the tokenizer and the text are.
#pragma once

#include "ascribo/base/utf8.h"
#include "ascribo/text/tokenizer.h"
#include "fuzz/target.h"

namespace ascribo::fuzz {

inline void check_encoding(const Tokenizer& tokenizer, std::string_view text) {
  const Encoding encoding = tokenizer.encode(text);
  const auto length = static_cast<std::int64_t>(count_code_points(text));
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const auto [start, end] = encoding.offsets[i];
    check(start >= 0 && start <= end && end <= length, "offsets lie in the text");
    check(encoding.ids[i] >= 0, "ids are numbers of tokens");
  }
  tokenizer.decode(encoding.ids);
}

}  // namespace ascribo::fuzz

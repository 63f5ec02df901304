// SPDX-License-Identifier: MIT
// The stretches that a text is cut into on its way to become tokens.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "ascribo/text/normalized_text.h"

namespace ascribo {

/// A stretch of a text. One that an added token has taken is done: later stages leave it alone.
struct Split {
  NormalizedText text;
  std::optional<std::int64_t> added;  ///< id of the added token
};

/// Replaces each split that no added token has taken by those that `cut` appends for it. Empty
/// ones are dropped, since every split that is left counts as a word.
void cut_each(
    std::vector<Split>& splits,
    const std::function<void(const NormalizedText& text, std::vector<Split>& parts)>& cut);

}  // namespace ascribo

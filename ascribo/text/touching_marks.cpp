// SPDX-License-Identifier: MIT
// Looks for marks without a space on both sides.
#include "ascribo/text/touching_marks.h"

#include <vector>

#include "ascribo/base/utf8.h"
#include "ascribo/text/character_classes.h"

namespace ascribo {

bool has_touching_marks(std::string_view text) {
  const std::vector<CodePoint> points = decode_utf8(text);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const char32_t before = points[i - 1].value, after = points[i].value;
    if (is_white_space(before) || is_white_space(after)) continue;
    if (is_punctuation(before) || is_punctuation(after)) return true;
  }
  return false;
}

}  // namespace ascribo

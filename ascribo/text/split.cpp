// SPDX-License-Identifier: MIT
// Cuts splits further.
#include "ascribo/text/split.h"

#include <utility>

namespace ascribo {

void cut_each(
    std::vector<Split>& splits,
    const std::function<void(const NormalizedText& text, std::vector<Split>& parts)>& cut) {
  std::vector<Split> parts;
  for (Split& split : splits) {
    if (split.added) {
      parts.push_back(std::move(split));
    } else {
      cut(split.text, parts);
    }
  }
  std::erase_if(parts, [](const Split& split) { return split.text.empty(); });
  splits = std::move(parts);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What can be read off a generation.
#include "ascribo/explain/generate/generation.h"

#include <algorithm>
#include <iterator>

namespace ascribo {

std::vector<std::int64_t> Generation::ids() const {
  std::vector<std::int64_t> all;
  std::transform(tokens.begin(), tokens.end(), std::back_inserter(all),
                 [](const WrittenToken& token) { return token.id; });
  return all;
}

}  // namespace ascribo

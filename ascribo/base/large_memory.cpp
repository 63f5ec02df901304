// SPDX-License-Identifier: MIT
// Passes the wish on to Linux.
#include "ascribo/base/large_memory.h"

#include <sys/mman.h>

#include <cstdint>

namespace ascribo {

void prefer_large_pages(void* begin, std::size_t bytes) {
  constexpr std::uintptr_t kLarge = std::uintptr_t{1} << 21;
  const auto first = reinterpret_cast<std::uintptr_t>(begin);
  const std::uintptr_t from = (first + kLarge - 1) & ~(kLarge - 1);
  const std::uintptr_t to = (first + bytes) & ~(kLarge - 1);
  if (from >= to) return;
#ifdef MADV_HUGEPAGE
  madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
#endif
}

}  // namespace ascribo

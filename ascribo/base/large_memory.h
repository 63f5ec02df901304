// SPDX-License-Identifier: MIT
// Memory that is about to be filled from end to end.
#pragma once

#include <cstddef>

namespace ascribo {

/// Asks the system for large pages behind [begin, begin + bytes), where that is worth it: filling
/// many small pages for the first time takes longer than writing to them. It is no more than a
/// wish, and nothing depends on it.
void prefer_large_pages(void* begin, std::size_t bytes);

}  // namespace ascribo

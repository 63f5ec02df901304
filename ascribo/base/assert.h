// SPDX-License-Identifier: MIT
// Checks of our own reasoning: on in dev and sanitizer builds, gone in release, never for input.
#pragma once

#include <cassert>

#ifdef ASCRIBO_CHECKED
#undef NDEBUG
#include <cassert>
#define ASCRIBO_ASSERT(condition) assert(condition)
#else
#define ASCRIBO_ASSERT(condition) static_cast<void>(sizeof(!(condition)))
#endif

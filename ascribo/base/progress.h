// SPDX-License-Identifier: MIT
// How long work reports how far it is, and how a caller stops it.
#pragma once

#include <cstdint>
#include <functional>

namespace ascribo {

/// One report: `done` of `total` items finished (texts, in explain); total is -1 when unknown.
struct Progress {
  std::int64_t done = 0;
  std::int64_t total = -1;
};

/// Called on the thread that runs the work. Returning false stops it: an Error with
/// Code::kCancelled is thrown and nothing half-written is left.
using ProgressCallback = std::function<bool(const Progress&)>;

}  // namespace ascribo

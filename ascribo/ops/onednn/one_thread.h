// SPDX-License-Identifier: MIT
// Keeps oneDNN on the calling thread.
#pragma once

#include <omp.h>

namespace ascribo::ops {

/// While it lives, oneDNN stays on this thread: threads are given to pieces, not to calls.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// Loops over the one thread pool (OpenMP's, which the libraries underneath use too).
#pragma once

#include <cstdint>
#include <functional>

#include "ascribo/base/profile.h"

namespace ascribo {

/// How many threads work may use, in the whole process, from now on; 0 goes back to what the
/// machine or OMP_NUM_THREADS offers. Errors: kInvalidArgument unless 0 to 1024.
void set_threads(std::int64_t count);

/// The number in force. Also hands it to OpenMP for the calling thread, which keeps its own count:
/// a thread that is going to call a library on OpenMP calls this first.
int thread_count();

/// How many threads a loop that begins here would get: 1 inside another parallel loop.
int free_threads();

/// Calls body(i) for i in [0, count), each thread a stretch of neighbours. Inside another
/// parallel_for, or with one thread, it is a plain loop. When bodies throw, the exception of the
/// smallest i that threw is thrown after all threads stopped; some i may then not have run.
void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& body);

}  // namespace ascribo

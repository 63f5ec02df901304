// SPDX-License-Identifier: MIT
// Jobs side by side whose results are handed over one by one, in the order of the jobs.
#pragma once

#include <functional>

namespace ascribo {

/// Hands over what a job found.
using Delivery = std::function<void()>;
/// What is done side by side; returns how to hand over the result.
using Job = std::function<Delivery()>;

/// Asks next() for jobs until it returns an empty one, runs up to `threads` of them at a time and
/// calls their deliveries. next() and deliveries are called one at a time, from any thread, each in
/// the order of the jobs; at most 2 `threads` jobs are under way or wait to be delivered. A
/// parallel_for inside a job is a plain loop. With one thread, or inside another parallel loop, job
/// follows job. When something throws, no further job is asked for, everything before it is still
/// delivered, nothing after it is, and the exception leaves once all threads have stopped.
void run_in_order(int threads, const std::function<Job()>& next);

}  // namespace ascribo

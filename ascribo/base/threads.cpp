// SPDX-License-Identifier: MIT
// Loops over OpenMP threads.
#include "ascribo/base/threads.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <string>

#include "ascribo/base/error.h"

namespace ascribo {

namespace {

constexpr std::int64_t kMostThreads = 1024;

int machine_threads() {
  static const int kCount = omp_get_max_threads();  // before anybody sets it
  return kCount;
}

std::atomic<int> wanted_threads = 0;  // 0: the machine's

/// The exception that belongs to the smallest index.
class FirstFailure {
 public:
  bool before(std::int64_t index) const { return index_.load(std::memory_order_relaxed) < index; }

  void keep(std::int64_t index, std::exception_ptr exception) {
#pragma omp critical(ascribo_first_failure)
    if (index < index_.load(std::memory_order_relaxed)) {
      index_.store(index, std::memory_order_relaxed);
      exception_ = std::move(exception);
    }
  }

  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::atomic<std::int64_t> index_ = std::numeric_limits<std::int64_t>::max();
  std::exception_ptr exception_;
};

}  // namespace

void set_threads(std::int64_t count) {
  if (count < 0 || count > kMostThreads) {
    fail(Code::kInvalidArgument, "threads", std::to_string(count) + " threads",
         "expected 1 to " + std::to_string(kMostThreads));
  }
  machine_threads();
  wanted_threads = static_cast<int>(count);
  thread_count();
}

int thread_count() {
  const int machine = machine_threads();
  const int wanted = wanted_threads;
  const int count = wanted > 0 ? wanted : machine;
  if (omp_get_max_threads() != count) omp_set_num_threads(count);
  return count;
}

int free_threads() { return omp_in_parallel() != 0 ? 1 : thread_count(); }

void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  const int threads = static_cast<int>(std::min<std::int64_t>(free_threads(), count));
  if (threads <= 1) {
    for (std::int64_t i = 0; i < count; ++i) body(i);
    return;
  }
  FirstFailure failure;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::int64_t i = 0; i < count; ++i) {
    if (failure.before(i)) continue;
    try {
      body(i);
    } catch (...) {
      failure.keep(i, std::current_exception());
    }
  }
  failure.rethrow();
}

}  // namespace ascribo

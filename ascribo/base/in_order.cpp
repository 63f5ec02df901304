// SPDX-License-Identifier: MIT
// Each thread takes a number with its job; whoever completes the lowest number missing delivers.
#include "ascribo/base/in_order.h"

#include <omp.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <utility>

namespace ascribo {
namespace {

class Line {
 public:
  Line(int threads, const std::function<Job()>& next)
      : most_(2 * static_cast<std::int64_t>(threads)), next_(next) {}

  // What one thread does.
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      moved_.wait(lock, [&] { return ended_ || issued_ - delivered_ < most_; });
      if (ended_) return;
      const std::int64_t number = issued_++;
      Finished& finished = line_[number];  // a map: stays where it is
      Job job;
      try {
        job = next_();
      } catch (...) {
        finished.failure = std::current_exception();
      }
      if (!job) {
        ended_ = true;
        finished.done = true;
      } else {
        lock.unlock();
        Finished result;
        try {
          result.delivery = job();
        } catch (...) {
          result.failure = std::current_exception();
        }
        job = nullptr;
        lock.lock();
        finished = std::move(result);
        finished.done = true;
      }
      deliver();
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  struct Finished {
    bool done = false;
    Delivery delivery;
    std::exception_ptr failure;
  };

  void deliver() {
    while (!line_.empty() && line_.begin()->second.done) {
      Finished& first = line_.begin()->second;
      try {
        if (!failure_ && first.failure) std::rethrow_exception(first.failure);
        if (!failure_ && first.delivery) first.delivery();
      } catch (...) {
        failure_ = std::current_exception();
        ended_ = true;
      }
      line_.erase(line_.begin());
      ++delivered_;
    }
    moved_.notify_all();
  }

  const std::int64_t most_;
  const std::function<Job()>& next_;
  std::mutex mutex_;
  std::condition_variable moved_;
  std::map<std::int64_t, Finished> line_;  // taken and not yet delivered
  std::int64_t issued_ = 0, delivered_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace

void run_in_order(int threads, const std::function<Job()>& next) {
  if (threads <= 1 || omp_in_parallel() != 0) {
    while (const Job job = next()) {
      if (const Delivery delivery = job()) delivery();
    }
    return;
  }
  Line line(threads, next);
#pragma omp parallel num_threads(threads)
  line.work();
  line.rethrow();
}

}  // namespace ascribo

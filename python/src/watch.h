// SPDX-License-Identifier: MIT
// Lets long work report to Python, and Python stop it.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include "ascribo/ascribo.h"

namespace ascribo::python {

/// Work runs without the GIL. Every tenth of a second the thread that began it takes the GIL back,
/// to let signal handlers run (Ctrl-C) and to call `report(done, total)`, unless that is None. What
/// either raises stops the work.
class Watch {
 public:
  explicit Watch(nanobind::object report);

  /// To be handed to the library; lives as long as this.
  ProgressCallback callback();

  /// Runs `work` without the GIL; raises what stopped it.
  template <class Work>
  void run(Work work) {
    try {
      const nanobind::gil_scoped_release release;
      work();
    } catch (const Error&) {
      if (raised_ == nullptr) throw;
    }
    if (raised_ != nullptr) std::rethrow_exception(raised_);
  }

 private:
  bool ask(const Progress& progress);

  nanobind::object report_;
  std::exception_ptr raised_;
  const std::thread::id thread_ = std::this_thread::get_id();
  std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
};

}  // namespace ascribo::python

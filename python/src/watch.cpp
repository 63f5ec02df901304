// SPDX-License-Identifier: MIT
// Asks Python now and then whether to go on.
#include "watch.h"

#include <utility>

namespace ascribo::python {

namespace nb = nanobind;

namespace {

constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

Watch::Watch(nb::object report) : report_(std::move(report)) {}

ProgressCallback Watch::callback() {
  return [this](const Progress& progress) {
    if (std::this_thread::get_id() != thread_) return true;
    if (raised_ != nullptr) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now - asked_ < kInterval) return true;
    asked_ = now;
    return ask(progress);
  };
}

bool Watch::ask(const Progress& progress) {
  const nb::gil_scoped_acquire acquire;
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!report_.is_none()) report_(progress.done, progress.total);
  } catch (...) {
    raised_ = std::current_exception();
    return false;
  }
  return true;
}

}  // namespace ascribo::python

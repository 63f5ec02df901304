// SPDX-License-Identifier: MIT
// Holds the one sink.
#include "ascribo/base/log.h"

#include <mutex>
#include <utility>

namespace ascribo {

namespace {

struct Holder {
  std::mutex mutex;
  LogSink sink;
};

Holder& holder() {
  static Holder instance;
  return instance;
}

}  // namespace

void set_log_sink(LogSink sink) {
  const std::lock_guard lock(holder().mutex);
  holder().sink = std::move(sink);
}

void log(LogLevel level, std::string_view message) {
  const std::lock_guard lock(holder().mutex);
  if (holder().sink) holder().sink(level, message);
}

}  // namespace ascribo

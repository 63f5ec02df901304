// SPDX-License-Identifier: MIT
// Signal handlers; they may only call what is safe inside a signal.
#include "interrupt.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is not in <csignal>
#include <unistd.h>

#include <atomic>

#include "ascribo/ascribo.h"

namespace ascribo::cli {
namespace {

constexpr int kSignalExitBase = 128;
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int signal) {
  int none = 0;
  if (first_signal.compare_exchange_strong(none, signal)) return;
  remove_unfinished_files();
  _exit(kSignalExitBase + signal);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: a blocked read of standard input returns
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

bool interrupted() { return first_signal.load() != 0; }

int interrupt_exit_code() {
  const int signal = first_signal.load();
  return kSignalExitBase + (signal == 0 ? SIGINT : signal);
}

}  // namespace ascribo::cli

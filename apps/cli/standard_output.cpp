// SPDX-License-Identifier: MIT
// Writes to descriptor 1 without a buffer between, so that no failure is found out too late.
#include "standard_output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

bool print(std::string_view text) {
  static bool closed = false;
  while (!closed && !text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      closed = true;
    } else if (errno != EINTR) {
      fail(Code::kIo, "standard output", std::string("writing failed: ") + std::strerror(errno),
           "expected room for the result");
    }
  }
  return !closed;
}

}  // namespace ascribo::cli

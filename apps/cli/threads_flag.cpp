// SPDX-License-Identifier: MIT
// Reads --threads.
#include "threads_flag.h"

namespace ascribo::cli {

Flag threads_flag() { return value_flag("threads", "N", "how many to use", "all cores"); }

void use_threads(const Arguments& arguments, const std::string& command) {
  if (const auto count = read_count(arguments, command, "threads")) set_threads(*count);
}

}  // namespace ascribo::cli

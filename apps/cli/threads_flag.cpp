// SPDX-License-Identifier: MIT
// Reads --threads.
#include "threads_flag.h"

#include <charconv>

namespace ascribo::cli {

Flag threads_flag() { return value_flag("threads", "N", "how many to use", "all cores"); }

void use_threads(const Arguments& arguments, const std::string& command) {
  const auto given = arguments.get("threads");
  if (!given) return;
  std::int64_t count = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, count);
  if (error != std::errc() || stop != end || count < 1) {
    fail(Code::kInvalidArgument, command, "--threads is \"" + *given + "\"",
         "expected a whole number from 1 on");
  }
  set_threads(count);
}

}  // namespace ascribo::cli

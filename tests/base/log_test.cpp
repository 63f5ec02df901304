// SPDX-License-Identifier: MIT
// The sink receives messages while it is set, and nothing else does.
#include "ascribo/base/log.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ascribo {
namespace {

TEST(Log, GoesToTheSinkOrNowhere) {
  std::vector<std::string> seen;
  log(LogLevel::kWarning, "dropped");
  set_log_sink([&](LogLevel level, std::string_view message) {
    seen.push_back((level == LogLevel::kInfo ? "info: " : "warning: ") + std::string(message));
  });
  log(LogLevel::kInfo, "one");
  log(LogLevel::kWarning, "two");
  set_log_sink({});
  log(LogLevel::kWarning, "dropped");
  EXPECT_THAT(seen, testing::ElementsAre("info: one", "warning: two"));
}

}  // namespace
}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What the library has to say besides results goes to a sink that the application sets.
#pragma once

#include <functional>
#include <string_view>

namespace ascribo {

enum class LogLevel { kInfo, kWarning };

/// Receives whole messages without a line end, one at a time, on whichever thread logs. It must
/// not log or set the sink itself.
using LogSink = std::function<void(LogLevel level, std::string_view message)>;

/// Replaces the sink of the process; an empty one (the default) drops everything.
void set_log_sink(LogSink sink);

void log(LogLevel level, std::string_view message);

}  // namespace ascribo

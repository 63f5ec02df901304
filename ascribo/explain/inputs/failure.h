// SPDX-License-Identifier: MIT
// Which errors end a whole stream, and not only the text that they came from.
#pragma once

#include <exception>

namespace ascribo {

/// Whether nothing else can go on: the caller asked to stop, or files cannot be read or written.
bool is_fatal(const std::exception_ptr& error);

}  // namespace ascribo

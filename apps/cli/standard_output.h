// SPDX-License-Identifier: MIT
// Standard output, where a failed write is an error and a closed pipe is the end.
#pragma once

#include <string_view>

namespace ascribo::cli {

/// Writes everything. False when the reader has gone (`| head`), from then on without trying.
/// Errors: kIo, for example when the disk is full.
bool print(std::string_view text);

}  // namespace ascribo::cli

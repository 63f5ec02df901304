// SPDX-License-Identifier: MIT
// Ctrl-C: the first asks the work to stop cleanly, the second ends the program at once.
#pragma once

namespace ascribo::cli {

/// From here on SIGINT and SIGTERM set a flag instead of ending the program; a second one removes
/// unfinished output files and ends it. SIGPIPE is ignored: writing fails instead.
void catch_interrupts();

bool interrupted();

/// 128 plus the signal that came first; 130 for Ctrl-C.
int interrupt_exit_code();

}  // namespace ascribo::cli

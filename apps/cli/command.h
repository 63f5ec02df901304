// SPDX-License-Identifier: MIT
// The subcommands, one file each.
#pragma once

#include <string>
#include <vector>

namespace ascribo::cli {

/// What a command is given: the words behind its name. It returns the exit code and throws what
/// main turns into one line on standard error.
using Words = std::vector<std::string>;

int explain_command(const Words& words);
int generate_command(const Words& words);
int show_command(const Words& words);
int tokenize_command(const Words& words);
int info_command(const Words& words);
int methods_command(const Words& words);
int evaluate_command(const Words& words);
int compare_command(const Words& words);
int compare_models_command(const Words& words);
int reproduce_command(const Words& words);
int metrics_command(const Words& words);
int train_command(const Words& words);

// Exit codes.
constexpr int kExitOk = 0;
constexpr int kExitFailure = 1;     ///< something failed while running
constexpr int kExitWrongInput = 2;  ///< what was asked cannot be done

}  // namespace ascribo::cli

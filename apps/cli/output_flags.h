// SPDX-License-Identifier: MIT
// Flags of every command that writes explanations, and what they come to.
#pragma once

#include <string>
#include <vector>

#include "flags.h"
#include "result_writer.h"

namespace ascribo::cli {

FlagGroup output_flags();
/// Names of the flags that name a file to be written.
const std::vector<std::string>& output_file_flags();

/// Errors: kInvalidArgument for a width that is no number.
OutputPlan make_output(const Arguments& arguments, const std::string& command);

/// Says on standard error what was written where.
void report_files(const OutputPlan& plan, const ResultWriter& writer);

}  // namespace ascribo::cli

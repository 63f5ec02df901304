// SPDX-License-Identifier: MIT
// What `ascribo evaluate` and `ascribo compare` share: flags, texts, and where results go.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flags.h"
#include "input_source.h"
#include "progress_bar.h"

namespace ascribo::cli {

FlagGroup metric_question_flags(const std::string& methods, bool saved);
FlagGroup metric_input_flags();
FlagGroup metric_output_flags();

/// The metrics of --metric, or those that need nothing but a ranking. `compat` fills in a library's
/// recipe.
std::vector<MetricRequest> read_metrics(const Arguments& arguments, const Subject& subject);

/// Method, targets and options.
Request read_evaluation_request(const Arguments& arguments, const std::string& methods);

/// Opens the subject that the arguments name.
Subject open_subject(const Arguments& arguments);

/// Texts with --layout, --limit, --sample and --true-label; pairs of sentences (--layout blimp) as
/// what the subject, which stays, is asked about them. `data` says in words which they are.
std::unique_ptr<InputSource> open_texts(const Arguments& arguments, const std::string& command,
                                        const Subject& subject, std::string& data);

/// Goes on over texts that cannot be used, telling of each, unless --strict.
class TextFailures {
 public:
  explicit TextFailures(bool strict) : strict_(strict) {}

  /// Whether to go on. Throws the error with its place where it ends the run.
  bool go_on(const std::string& place, const std::exception& exception, ProgressBar& bar);
  std::int64_t count() const { return count_; }

 private:
  bool strict_;
  std::int64_t count_ = 0;
};

/// Writes the comparison to every file asked for, and to standard output: as a table in a terminal,
/// else (or with --json) as JSON.
void write_comparison(const Arguments& arguments, const Comparison& comparison);

}  // namespace ascribo::cli

// SPDX-License-Identifier: MIT
// Methods by metrics over a data set, in one run that can be stopped and gone on with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/commas.h"
#include "ascribo/metrics/comparison/comparison.h"
#include "ascribo/metrics/evaluate.h"

namespace ascribo {

/// Texts of a comparison. Their numbers, from 0, say which is which when a run goes on.
struct ComparisonStream {
  std::function<std::optional<Input>()> next = {};
  /// As in Subject::Stream; a text that failed is left out of the comparison, and counted.
  std::function<bool(std::int64_t, const std::exception&)> failed = {};
  /// Receives every evaluation as it is made; not those of an earlier run.
  std::function<void(const Evaluation&)> done = {};
  ProgressCallback progress = {};
  std::int64_t total = -1;
};

struct ComparisonOptions {
  std::string data;                    ///< which texts, in words: named in the result
  std::filesystem::path journal = {};  ///< every text's numbers are written here as they are made
  bool resume = false;                 ///< go on with the journal's run
  std::int64_t examples = 5;           ///< first texts whose scores are kept to be shown
};

/// Judges every method of the request by every metric. Rows are methods, each also reversed, and
/// random and length-only rankings; intervals and tests are paired over texts. Errors: those of
/// evaluate; kInvalidArgument for a run to go on with that had other settings.
Comparison compare(const Subject& subject, const ComparisonStream& stream, const Request& request,
                   const std::vector<MetricRequest>& metrics, const ComparisonOptions& options);

/// The same for explanations that were made before, of one method.
Comparison compare_saved(const Subject& subject, const SavedStream& stream,
                         const std::vector<MetricRequest>& metrics,
                         const ComparisonOptions& options, const OptionValues& request_options);

}  // namespace ascribo

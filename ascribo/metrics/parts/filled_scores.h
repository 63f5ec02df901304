// SPDX-License-Identifier: MIT
// Judging scores that no method computes now.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ascribo/metrics/evaluate.h"

namespace ascribo {

/// Writes the scores of an input (by its number in the stream) into its task's attributions.
using FillScores = std::function<void(std::int64_t number, Task& task)>;

/// See evaluate; `fill` stands for the request's method.
void evaluate_filled(const Subject& subject, const EvaluationStream& stream, const Request& request,
                     const std::vector<MetricRequest>& metrics, FillScores fill);

/// What a saved explanation was made of, with its targets as they would be asked for.
Input saved_input(const Explanation& saved, HeadKind head);

/// A request under which texts have the units and targets of the saved explanation; `options` are
/// request options.
Request saved_request(const Explanation& saved, const OptionValues& options);

/// Puts saved scores where they came from. Errors: kInvalidArgument for scores of other tokens
/// (ids and offsets are compared), units or targets.
void fill_saved(const Explanation& saved, Task& task);

}  // namespace ascribo

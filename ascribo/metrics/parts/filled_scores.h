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

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Explains many inputs, a handful at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

/// Texts that one method has explained.
struct Examined {
  const MethodRequest& method;
  std::size_t place = 0;  ///< of the method in the request
  std::span<Task> tasks;
  std::span<const Input* const> inputs;
  std::span<const std::int64_t> numbers;  ///< of the inputs in the stream
};

/// What is done with the texts of a stream while their scores of masks are at hand: metrics.
struct Examiner {
  /// Kinds of score that are kept for every mask besides the request's.
  std::vector<ScoreKind> scores = {};
  /// In place of the methods, when it is there: gives the text of an input (by its number in the
  /// stream) the scores it is examined with.
  std::function<void(std::int64_t number, Task& task)> fill = {};
  /// Gets the texts of a handful after each method. May come again for the same texts, from the
  /// first method on, when one of them has failed. What it adds to the tasks' cost is not theirs.
  std::function<void(const Examined& examined, Scorer& scorer)> examine = {};
};

/// See Subject::explain.
void explain_stream(const Parts& parts, const Subject::Stream& stream, const Request& request,
                    const Examiner* examiner = nullptr);

/// See Subject::plan.
Plan plan_stream(const Parts& parts, const Subject::Stream& stream, const Request& request);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What stands at points inside a model while it reads one text, and what a target says of it.
#pragma once

#include <vector>

#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"

namespace ascribo {

/// What was seen at a tap.
struct TapValue {
  TapPoint point;
  Tensor value;      ///< shapes as Model::taps says
  Tensor gradients;  ///< `[targets, ...]`: d score / d value; undefined where none were asked for
};

/// Errors: those of Subject::predict; kInvalidArgument for taps that this model does not have.
std::vector<TapValue> look(const Subject& subject, const Input& input,
                           const std::vector<TapPoint>& points);

/// The same with the gradients of a request's targets there; its method is not run. Errors: those
/// of Subject::explain; kUnsupported for a text in windows and for two continuations that are
/// compared.
std::vector<TapValue> look(const Subject& subject, const Input& input,
                           const std::vector<TapPoint>& points, const Request& request);

}  // namespace ascribo

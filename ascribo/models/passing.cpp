// SPDX-License-Identifier: MIT
// Checks what comes out of a tap.
#include "ascribo/models/passing.h"

#include <string>

#include "ascribo/base/error.h"

namespace ascribo {

Variable check_passed(TapPoint point, Variable value, const Shape& shape, Dtype compute) {
  const Tensor& found = value.value();
  if (found.shape() == shape && found.dtype() == compute) return value;
  const auto text = [](Dtype dtype, const Shape& s) {
    return std::string(dtype_name(dtype)) + " " + to_string(s);
  };
  fail(Code::kInvalidArgument, "run",
       "the value put in at " + to_string(point) + " is " + text(found.dtype(), found.shape()),
       "expected " + text(compute, shape) + " for this batch");
}

}  // namespace ascribo

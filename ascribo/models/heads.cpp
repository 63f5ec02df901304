// SPDX-License-Identifier: MIT
// From the rows a head reads to logits.
#include "ascribo/models/heads.h"

#include "ascribo/models/passing.h"

namespace ascribo {

Variable classify(const ClassificationHead& head, const Variable& rows, Run& run) {
  return pass_computed(run, {Tap::kLogits}, {rows.value().rows(), head.out.out()},
                       rows.value().dtype(), [&] {
                         Variable x = rows;
                         if (head.dense.defined())
                           x = ops::activation(ops::linear(x, head.dense), head.activation);
                         return ops::linear(x, head.out);
                       });
}

}  // namespace ascribo

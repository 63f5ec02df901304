// SPDX-License-Identifier: MIT
// oneDNN's plain product: it needs no kernel for every number of rows, and writes anywhere.
#include "ascribo/ops/onednn/outer_sum.h"

#include <algorithm>
#include <dnnl.hpp>

#include "ascribo/base/error.h"
#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/calls.h"

namespace ascribo::ops {
namespace {

// Few enough rows of C that several threads have work, enough that a call pays.
constexpr std::int64_t kPiece = 96;

}  // namespace

void outer_sum(const OuterSum& task) {
  if (task.m == 0 || task.n == 0) return;
  if (task.rows == 0) {
    for (std::int64_t row = 0; row < task.m && !task.accumulate; ++row) {
      std::fill_n(task.c + row * task.c_row, task.n, 0.0F);
    }
    return;
  }
  const std::int64_t pieces = (task.m + kPiece - 1) / kPiece;
  parallel_for(pieces, [&](std::int64_t piece) {
    const onednn::OneThread guard;
    const std::int64_t begin = task.m * piece / pieces, end = task.m * (piece + 1) / pieces;
    const dnnl_status_t status = dnnl_sgemm(
        'T', 'N', end - begin, task.n, task.rows, 1.0F, task.a + begin, task.a_row, task.b,
        task.b_row, task.accumulate ? 1.0F : 0.0F, task.c + begin * task.c_row, task.c_row);
    if (status != dnnl_success) {
      fail(Code::kInternal, "onednn", "a sum of outer products failed",
           "expected a product that oneDNN can compute");
    }
  });
}

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// Sums of outer products in bf16 by oneDNN. A kernel is generated for every number of rows, which
// takes milliseconds: rows are summed in stretches of a few lengths, the last filled up with zeros.
// C is cut into pieces of rows, for each of which its columns of A are turned round and rounded.
#include "ascribo/ops/onednn/bf16_outer_sum.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>

#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/calls.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/ops/simd/product.h"
#include "ascribo/ops/simd/rows.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {
namespace {

using namespace onednn;
using dnnl::memory;

constexpr auto kSingle = memory::data_type::f32;
constexpr auto kHalf = memory::data_type::bf16;
constexpr auto kRowMajor = memory::format_tag::ab;
constexpr std::int64_t kStretch = 256, kStep = 64, kPiece = 192;

// C `[m, n]` (+)= A `[m, rows]` B `[rows, n]`.
struct CallShape {
  std::int64_t rows, m, n;
  bool accumulate;
  auto operator<=>(const CallShape&) const = default;
};

struct Kernel {
  explicit Kernel(const CallShape& shape) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (shape.accumulate) {
      dnnl::post_ops sum;
      sum.append_sum(1.0f);
      attributes.set_post_ops(sum);
    }
    a = Layout({shape.m, shape.rows}, kHalf, kRowMajor);
    b = Layout({shape.rows, shape.n}, kHalf, kRowMajor);
    c = Layout({shape.m, shape.n}, kSingle, kRowMajor);
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::matmul::primitive_desc description{engine(), a, b, c, attributes};
#else
    const dnnl::matmul::primitive_desc description{dnnl::matmul::desc(a, b, c), attributes,
                                                   engine()};
#endif
    primitive = dnnl::matmul(description);
    scratchpad = description.scratchpad_desc();
  }

  void run(const void* left, const void* right, float* result) const {
    Tensor scratch = Tensor::empty({static_cast<std::int64_t>(scratchpad.get_size() / 4) + 1});
    const std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, argument(a, left)},
        {DNNL_ARG_WEIGHTS, argument(b, right)},
        {DNNL_ARG_DST, argument(c, result)},
        {DNNL_ARG_SCRATCHPAD, argument(scratchpad, scratch.raw())}};
    primitive.execute(stream(), arguments);
    stream().wait();
  }

  dnnl::matmul primitive;
  Layout a, b, c, scratchpad;
};

// Kernels live as long as the program: there are few, and every weight of a shape shares them.
const Kernel& kernel(const CallShape& shape) {
  static std::mutex mutex;
  static auto& kernels = *new std::map<CallShape, Kernel>;
  std::lock_guard lock(mutex);
  const auto found = kernels.find(shape);
  if (found != kernels.end()) return found->second;
  return kernels.try_emplace(shape, shape).first->second;
}

std::int64_t padded_rows(std::int64_t rows) { return (rows + kStep - 1) / kStep * kStep; }

std::uint16_t* halves_of(Tensor& tensor) {
  return static_cast<std::uint16_t*>(tensor.mutable_raw());
}

// B in bf16 with rows of zeros after its own.
Tensor rounded(const OuterSum& task) {
  Tensor halves = Tensor::empty({padded_rows(task.rows), task.n}, Dtype::kBF16);
  std::uint16_t* to = halves_of(halves);
  parallel_ranges(halves.rows(), task.n, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      if (row < task.rows) {
        simd::round_to_bf16(task.b + row * task.b_row, task.n, to + row * task.n);
      } else {
        std::fill_n(to + row * task.n, task.n, std::uint16_t{0});
      }
    }
  });
  return halves;
}

// Rows [begin, end) of C.
void piece(const OuterSum& task, const Tensor& b, std::int64_t begin, std::int64_t end) {
  const std::int64_t m = end - begin;
  const bool dense = task.c_row == task.n;
  Tensor turned = Tensor::empty({m, kStretch}), halves = Tensor::empty({m, kStretch}, Dtype::kBF16);
  Tensor wide = dense ? Tensor() : Tensor::empty({m, task.n});
  float* to = dense ? task.c + begin * task.c_row : wide.mutable_data<float>();
  bool accumulate = dense && task.accumulate;
  for (std::int64_t row = 0; row < task.rows; row += kStretch) {
    const std::int64_t valid = std::min(kStretch, task.rows - row), rows = padded_rows(valid);
    simd::transpose(task.a + row * task.a_row + begin, task.a_row, valid, m,
                    turned.mutable_data<float>(), rows);
    simd::round_to_bf16(turned.data<float>(), m * rows, halves_of(halves));
    const auto* right = static_cast<const std::uint16_t*>(b.raw()) + row * task.n;
    kernel({rows, m, task.n, accumulate}).run(halves.raw(), right, to);
    accumulate = true;
  }
  for (std::int64_t row = 0; row < m && !dense; ++row) {
    float* target = task.c + (begin + row) * task.c_row;
    const float* sums = wide.data<float>() + row * task.n;
    if (task.accumulate) {
      simd::add(sums, target, task.n, target);
    } else {
      std::copy_n(sums, task.n, target);
    }
  }
}

}  // namespace

void outer_sum_bf16(const OuterSum& task) {
  if (task.m == 0 || task.n == 0 || task.rows == 0) return outer_sum(task);
  const Tensor b = rounded(task);
  const std::int64_t pieces = (task.m + kPiece - 1) / kPiece;
  try {
    parallel_for(pieces, [&](std::int64_t n) {
      const OneThread guard;
      piece(task, b, task.m * n / pieces, task.m * (n + 1) / pieces);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// Products in bf16 by oneDNN. Rows are cut among the threads, and every piece is one call on one
// thread over the whole width: these kernels add bias and sum themselves, at the same speed. Row
// counts are multiples of 32, since others run two to four times slower, and few, since every new
// one takes milliseconds of code generation.
#include "ascribo/ops/onednn/bf16_matrix.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>

#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/calls.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops {
namespace {

using namespace onednn;
using dnnl::memory;

constexpr auto kSingle = memory::data_type::f32;
constexpr auto kHalf = memory::data_type::bf16;
constexpr std::int64_t kLeastRows = 32, kMostRows = 256;

std::int64_t round_up(std::int64_t rows) {
  return (rows + kLeastRows - 1) / kLeastRows * kLeastRows;
}

// What tells one generated kernel from another: x `[rows, inner]`, B `[inner, outer]`.
struct CallShape {
  std::int64_t rows, inner, outer;
  bool bias, accumulate;
  auto operator<=>(const CallShape&) const = default;
};

dnnl::matmul::primitive_desc describe(const CallShape& shape, const Layout& b) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (shape.accumulate) {
    dnnl::post_ops sum;
    sum.append_sum(1.0f);
    attributes.set_post_ops(sum);
  }
  constexpr auto kRowMajor = memory::format_tag::ab;
  const Layout x({shape.rows, shape.inner}, kHalf, kRowMajor);
  const Layout y({shape.rows, shape.outer}, kSingle, kRowMajor);
  const Layout bias({1, shape.outer}, kSingle, kRowMajor);
#if DNNL_VERSION_MAJOR >= 3
  if (shape.bias) return {engine(), x, b, bias, y, attributes};
  return {engine(), x, b, y, attributes};
#else
  const auto product = shape.bias ? dnnl::matmul::desc(x, b, bias, y) : dnnl::matmul::desc(x, b, y);
  return {product, attributes, engine()};
#endif
}

// A kernel and the layouts of its arguments.
struct Kernel {
  explicit Kernel(const dnnl::matmul::primitive_desc& description)
      : primitive(description),
        x(description.src_desc()),
        bias(description.bias_desc()),
        y(description.dst_desc()),
        scratchpad(description.scratchpad_desc()) {}

  dnnl::matmul primitive;
  Layout x, bias, y, scratchpad;
};

}  // namespace

struct Bf16Matrix::State {
  std::int64_t inner = 0, outer = 0;
  Layout layout;
  std::shared_ptr<void> storage;

  // Kernels live as long as the program: there are few, and every weight of a shape shares them.
  const Kernel& kernel(const CallShape& shape) const {
    static std::mutex mutex;
    static auto& kernels = *new std::map<CallShape, Kernel>;
    std::lock_guard lock(mutex);
    const auto found = kernels.find(shape);
    if (found != kernels.end()) return found->second;
    return kernels.try_emplace(shape, describe(shape, layout)).first->second;
  }

  void call(const CallShape& shape, const Tensor& x, const float* bias, float* y) const {
    const Kernel& kernel = this->kernel(shape);
    const auto scratchpad = pool_allocate(kernel.scratchpad.get_size());
    std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, argument(kernel.x, x.raw())},
        {DNNL_ARG_WEIGHTS, argument(layout, storage.get())},
        {DNNL_ARG_DST, argument(kernel.y, y)},
        {DNNL_ARG_SCRATCHPAD, argument(kernel.scratchpad, scratchpad.get())}};
    if (bias != nullptr) arguments.insert({DNNL_ARG_BIAS, argument(kernel.bias, bias)});
    kernel.primitive.execute(stream(), arguments);
    stream().wait();
  }

  // Rows [begin, end), about equally many in every call; the last call's are filled up with zeros.
  void piece(const float* x, std::int64_t begin, std::int64_t end, const float* bias,
             bool accumulate, float* y) const {
    const std::int64_t calls = (end - begin + kMostRows - 1) / kMostRows;
    const std::int64_t share = round_up((end - begin + calls - 1) / calls);
    Tensor halves = Tensor::empty({share, inner}, Dtype::kBF16);
    auto* rounded = static_cast<std::uint16_t*>(halves.mutable_raw());
    for (std::int64_t row = begin; row < end; row += share) {
      const std::int64_t valid = std::min(share, end - row), count = round_up(valid);
      simd::round_to_bf16(x + row * inner, valid * inner, rounded);
      std::fill(rounded + valid * inner, rounded + count * inner, std::uint16_t{0});
      float* to = y + row * outer;
      if (valid == count) {
        call({count, inner, outer, bias != nullptr, accumulate}, halves, bias, to);
        continue;
      }
      Tensor result = Tensor::empty({count, outer});
      auto* wide = result.mutable_data<float>();
      if (accumulate) std::copy_n(to, valid * outer, wide);
      call({count, inner, outer, bias != nullptr, accumulate}, halves, bias, wide);
      std::copy_n(wide, valid * outer, to);
    }
  }
};

bool has_bf16() { return has(dnnl_cpu_isa_avx512_core_bf16); }

Bf16Matrix::Bf16Matrix(const Tensor& weight, bool transposed) : state_(std::make_unique<State>()) {
  const std::int64_t inner = state_->inner = weight.dim(transposed ? 1 : 0);
  const std::int64_t outer = state_->outer = weight.dim(transposed ? 0 : 1);
  try {
    const OneThread guard;
    const Layout any({inner, outer}, kHalf, memory::format_tag::any);
    state_->layout = describe({kMostRows, inner, outer, false, false}, any).weights_desc();
    state_->storage = pool_allocate(state_->layout.get_size());
    const Tensor plain = weight.to(Dtype::kF32);
    const Layout source({inner, outer}, kSingle,
                        transposed ? memory::format_tag::ba : memory::format_tag::ab);
    memory from = argument(source, plain.raw());
    memory packed = argument(state_->layout, state_->storage.get());
    dnnl::reorder(from, packed).execute(stream(), from, packed);
    stream().wait();
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

Bf16Matrix::~Bf16Matrix() = default;

void Bf16Matrix::product(const float* x, std::int64_t rows, const float* bias, bool accumulate,
                         float* y) const {
  const std::int64_t units = (rows + kLeastRows - 1) / kLeastRows;
  const std::int64_t threads = std::min<std::int64_t>(free_threads(), units);
  try {
    parallel_for(threads, [&](std::int64_t t) {
      const OneThread guard;
      const std::int64_t begin = units * t / threads * kLeastRows;
      const std::int64_t end = std::min(rows, units * (t + 1) / threads * kLeastRows);
      state_->piece(x, begin, end, bias, accumulate, y);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

}  // namespace ascribo::ops

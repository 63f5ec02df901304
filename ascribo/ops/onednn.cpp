// SPDX-License-Identifier: MIT
// Packed products by oneDNN (2.6 and 3.x).
#include "ascribo/ops/onednn.h"

#include <array>
#include <cstring>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/threads.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops {
namespace {

using Memory = dnnl::memory;
using Layout = dnnl::memory::desc;
constexpr auto kSingle = Memory::data_type::f32;

dnnl::engine& engine() {
  static dnnl::engine instance(dnnl::engine::kind::cpu, 0);
  return instance;
}

// A stream is cheap and must not be shared by threads.
dnnl::stream& stream() {
  thread_local dnnl::stream instance(engine());
  return instance;
}

Layout row_major(std::int64_t rows, std::int64_t cols) {
  return Layout({rows, cols}, kSingle, Memory::format_tag::ab);
}

dnnl::matmul::primitive_desc matmul_primitive(std::int64_t rows, std::int64_t inner,
                                              std::int64_t outer, const Layout& b, bool bias,
                                              bool accumulate) {
  const Layout x = row_major(rows, inner), y = row_major(rows, outer);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (accumulate) {
    dnnl::post_ops sum;
    sum.append_sum();
    attributes.set_post_ops(sum);
  }
  const Layout bias_layout = bias ? row_major(1, outer) : Layout();
#if DNNL_VERSION_MAJOR >= 3
  if (bias) return {engine(), x, b, bias_layout, y, attributes};
  return {engine(), x, b, y, attributes};
#else
  if (bias) return {dnnl::matmul::desc(x, b, bias_layout, y), attributes, engine()};
  return {dnnl::matmul::desc(x, b, y), attributes, engine()};
#endif
}

[[noreturn]] void translate(const dnnl::error& error) {
  fail(Code::kInternal, "onednn", error.what(), "expected a product that oneDNN can compute");
}

}  // namespace

struct PackedMatrix::State {
  struct Kernel {
    dnnl::matmul primitive;
    std::size_t scratchpad = 0;
    Layout scratchpad_layout;
  };

  std::int64_t inner = 0, outer = 0;
  Layout layout;
  std::shared_ptr<void> storage;
  mutable std::mutex mutex;
  mutable std::map<std::array<std::int64_t, 4>, Kernel> kernels;

  const Kernel& kernel(std::int64_t rows, bool bias, bool accumulate) const {
    const std::array<std::int64_t, 4> key{rows, bias, accumulate, thread_count()};
    std::lock_guard lock(mutex);
    if (const auto found = kernels.find(key); found != kernels.end()) return found->second;
    const auto description = matmul_primitive(rows, inner, outer, layout, bias, accumulate);
    const Layout scratchpad = description.scratchpad_desc();
    return kernels
        .emplace(key, Kernel{dnnl::matmul(description), scratchpad.get_size(), scratchpad})
        .first->second;
  }
};

PackedMatrix::PackedMatrix(const float* plain, std::int64_t inner, std::int64_t outer,
                           bool transposed)
    : state_(std::make_unique<State>()) {
  constexpr std::int64_t kTypicalRows = 128;
  state_->inner = inner;
  state_->outer = outer;
  try {
    const Layout any({inner, outer}, kSingle, Memory::format_tag::any);
    state_->layout = matmul_primitive(kTypicalRows, inner, outer, any, false, false).weights_desc();
    state_->storage = pool_allocate(state_->layout.get_size());
    const Layout source({inner, outer}, kSingle,
                        transposed ? Memory::format_tag::ba : Memory::format_tag::ab);
    Memory from(source, engine(), const_cast<float*>(plain));
    Memory to(state_->layout, engine(), state_->storage.get());
    dnnl::reorder(from, to).execute(stream(), from, to);
    stream().wait();
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

PackedMatrix::~PackedMatrix() = default;

std::size_t PackedMatrix::bytes() const { return state_->layout.get_size(); }

void PackedMatrix::product(const float* x, std::int64_t rows, const float* bias, bool accumulate,
                           float* y) const try {
  if (rows == 0) return;
  const auto& kernel = state_->kernel(rows, bias != nullptr, accumulate);
  const auto scratchpad = pool_allocate(kernel.scratchpad);
  std::unordered_map<int, Memory> arguments{
      {DNNL_ARG_SRC, {row_major(rows, state_->inner), engine(), const_cast<float*>(x)}},
      {DNNL_ARG_WEIGHTS, {state_->layout, engine(), state_->storage.get()}},
      {DNNL_ARG_DST, {row_major(rows, state_->outer), engine(), y}},
      {DNNL_ARG_SCRATCHPAD, {kernel.scratchpad_layout, engine(), scratchpad.get()}}};
  if (bias != nullptr) {
    arguments[DNNL_ARG_BIAS] = {row_major(1, state_->outer), engine(), const_cast<float*>(bias)};
  }
  kernel.primitive.execute(stream(), arguments);
  stream().wait();
} catch (const dnnl::error& error) {
  translate(error);
}

}  // namespace ascribo::ops

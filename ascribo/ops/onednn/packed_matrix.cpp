// SPDX-License-Identifier: MIT
// Packed products by oneDNN (2.6 and 3.x). B is cut into panels of columns that stay in a core's
// cache; the (panel, rows) plane is cut among the threads, and every piece is one call on one
// thread with one of a few row counts. The fast kernels write dense results only, so a piece of a
// wider matrix goes to a buffer first; bias and sum are added afterwards, which leaves very few
// kernels to be generated.
#include "ascribo/ops/onednn/packed_matrix.h"

#include <algorithm>
#include <cstdint>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/calls.h"
#include "ascribo/ops/simd/rows.h"
#include "ascribo/tensor/convert.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops {
namespace {

using namespace onednn;
using dnnl::memory;
constexpr auto kSingle = memory::data_type::f32;

// Wide enough that cutting costs nothing, narrow enough that few rows keep several threads busy.
constexpr std::int64_t kPanel = 768;
constexpr std::int64_t kPanelStep = 64;  // the kernels' own block of columns

// Rows per call. On AVX-512 a row's bits do not depend on the number of rows, so that a call may
// have any multiple of a few; elsewhere only calls of one fixed size agree, and the rest is padded.
// Measured against one call for everything: 256 rows are within 2 to 10 %, 64 rows lose 15 %.
struct Rows {
  std::int64_t least, most;  // most: a multiple of least
};

Rows rows_per_call() {
  static const Rows kRows = has(dnnl_cpu_isa_avx512_core) ? Rows{8, 256} : Rows{64, 64};
  return kRows;
}

Layout dense(std::int64_t rows, std::int64_t cols) {
  return Layout({rows, cols}, kSingle, memory::format_tag::ab);
}

// What tells one generated kernel from another: x `[rows, inner]`, B `[inner, width]`.
struct CallShape {
  std::int64_t rows, inner, width;
  auto operator<=>(const CallShape&) const = default;
};

dnnl::matmul::primitive_desc describe(const CallShape& shape, const Layout& b) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const Layout x = dense(shape.rows, shape.inner), y = dense(shape.rows, shape.width);
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), x, b, y, attributes};
#else
  return {dnnl::matmul::desc(x, b, y), attributes, engine()};
#endif
}

// A kernel and the layouts of its arguments.
struct Kernel {
  explicit Kernel(const dnnl::matmul::primitive_desc& description)
      : primitive(description),
        x(description.src_desc()),
        b(description.weights_desc()),
        y(description.dst_desc()),
        scratchpad(description.scratchpad_desc()) {}

  dnnl::matmul primitive;
  Layout x, b, y, scratchpad;
};

// Kernels live as long as the program: there are few, and every weight of a shape shares them.
const Kernel& kernel(const CallShape& shape, const Layout& b) {
  static std::mutex mutex;
  static auto& kernels = *new std::map<CallShape, Kernel>;
  std::lock_guard lock(mutex);
  const auto found = kernels.find(shape);
  if (found != kernels.end()) return found->second;
  return kernels.try_emplace(shape, describe(shape, b)).first->second;
}

// One call: y = x B.
void run(const Kernel& kernel, const float* x, const void* b, float* y) {
  const auto scratchpad = pool_allocate(kernel.scratchpad.get_size());
  const std::unordered_map<int, memory> arguments{
      {DNNL_ARG_SRC, argument(kernel.x, x)},
      {DNNL_ARG_WEIGHTS, argument(kernel.b, b)},
      {DNNL_ARG_DST, argument(kernel.y, y)},
      {DNNL_ARG_SCRATCHPAD, argument(kernel.scratchpad, scratchpad.get())}};
  kernel.primitive.execute(stream(), arguments);
  stream().wait();
}

struct Panel {
  std::int64_t begin, width;  // columns of B
  Layout layout;
  std::byte* data;
};

// Equal panels of a multiple of kPanelStep where the width allows it, else a narrower last one.
std::vector<Panel> cut_panels(std::int64_t inner, std::int64_t outer) {
  std::int64_t count = (outer + kPanel - 1) / kPanel;
  while (count * kPanelStep <= outer && outer % (count * kPanelStep) != 0) ++count;
  std::int64_t width = outer / count;
  if (outer % (count * kPanelStep) != 0) width = std::min(outer, kPanel);
  std::vector<Panel> panels;
  for (std::int64_t begin = 0; begin < outer; begin += width) {
    panels.push_back({begin, std::min(width, outer - begin), Layout(), nullptr});
  }
  const OneThread guard;
  for (Panel& panel : panels) {
    const CallShape typical{rows_per_call().most, inner, panel.width};
    const Layout any({inner, panel.width}, kSingle, memory::format_tag::any);
    panel.layout = describe(typical, any).weights_desc();
  }
  return panels;
}

std::size_t aligned_size(const Layout& layout) { return (layout.get_size() + 63) / 64 * 64; }

// Reorders one panel: from where the weight lies, or converted to single precision first.
void pack(const Panel& panel, const Tensor& weight, bool transposed, std::int64_t inner) {
  const OneThread guard;
  const std::int64_t first = transposed ? panel.begin * inner : panel.begin;
  std::int64_t row_width = weight.cols();
  const float* from = nullptr;
  Tensor plain;
  const bool aligned = reinterpret_cast<std::uintptr_t>(weight.raw()) % alignof(float) == 0;
  if (weight.dtype() == Dtype::kF32 && aligned) {
    from = weight.data<float>() + first;
  } else {
    plain = transposed ? Tensor::empty({panel.width, inner}) : Tensor::empty({inner, panel.width});
    const auto size = static_cast<std::int64_t>(dtype_size(weight.dtype()));
    const auto* stored = static_cast<const char*>(weight.raw());
    for (std::int64_t row = 0; row < plain.rows(); ++row) {
      convert(stored + (first + row * row_width) * size, weight.dtype(),
              plain.mutable_data<float>() + row * plain.cols(), Dtype::kF32, plain.cols());
    }
    from = plain.data<float>();
    row_width = plain.cols();
  }
  const memory::dims strides = transposed ? memory::dims{1, row_width} : memory::dims{row_width, 1};
  memory source = argument(Layout({inner, panel.width}, kSingle, strides), from);
  memory packed = argument(panel.layout, panel.data);
  dnnl::reorder(source, packed).execute(stream(), source, packed);
  stream().wait();
}

}  // namespace

struct PackedMatrix::State {
  std::int64_t inner = 0, outer = 0;
  std::vector<Panel> panels;
  std::shared_ptr<void> storage;  // of all panels: large blocks get large pages

  // Adds what belongs to rows [0, rows) of a dense result and puts them in their place, where they
  // may already be.
  void finish(const Panel& panel, const float* result, std::int64_t rows, const float* bias,
              bool accumulate, float* y) const {
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* from = result + row * panel.width;
      float* to = y + row * outer + panel.begin;
      if (accumulate) {
        simd::add(from, to, panel.width, to);
      } else if (bias == nullptr && from != to) {
        std::copy_n(from, panel.width, to);
      }
      if (bias != nullptr) simd::add(accumulate ? to : from, bias + panel.begin, panel.width, to);
    }
  }

  // Rows [begin, end) of one panel in as few calls as possible, about equal; the last is padded to
  // a size that calls may have.
  void piece(const Panel& panel, const float* x, std::int64_t begin, std::int64_t end,
             const float* bias, bool accumulate, float* y) const {
    const auto [least, most] = rows_per_call();
    const std::int64_t calls = (end - begin + most - 1) / most;
    const std::int64_t share = (end - begin + calls - 1) / calls;
    const auto round_up = [least = least](std::int64_t rows) {
      return (rows + least - 1) / least * least;
    };
    Tensor buffer = Tensor::empty({round_up(share), panel.width});
    const bool dense_target = panel.width == outer && !accumulate;
    std::int64_t count = 0;
    for (std::int64_t row = begin; row < end; row += count) {
      count = round_up(std::min(share, end - row));
      const std::int64_t valid = std::min(count, end - row);
      const float* from = x + row * inner;
      Tensor padded;
      if (valid < count) {
        padded = Tensor::zeros({count, inner});
        std::copy_n(from, valid * inner, padded.mutable_data<float>());
        from = padded.data<float>();
      }
      float* to = y + row * outer;
      float* result = dense_target && valid == count ? to : buffer.mutable_data<float>();
      run(kernel({count, inner, panel.width}, panel.layout), from, panel.data, result);
      finish(panel, result, valid, bias, accumulate, to);
    }
  }
};

PackedMatrix::PackedMatrix(const Tensor& weight, bool transposed)
    : state_(std::make_unique<State>()) {
  state_->inner = weight.dim(transposed ? 1 : 0);
  state_->outer = weight.dim(transposed ? 0 : 1);
  try {
    state_->panels = cut_panels(state_->inner, state_->outer);
    std::size_t size = 0;
    for (const Panel& panel : state_->panels) size += aligned_size(panel.layout);
    state_->storage = pool_allocate(size);
    auto* next = static_cast<std::byte*>(state_->storage.get());
    for (Panel& panel : state_->panels) {
      panel.data = next;
      next += aligned_size(panel.layout);
    }
    parallel_for(static_cast<std::int64_t>(state_->panels.size()), [&](std::int64_t i) {
      pack(state_->panels[static_cast<std::size_t>(i)], weight, transposed, state_->inner);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

PackedMatrix::~PackedMatrix() = default;

void PackedMatrix::product(const float* x, std::int64_t rows, const float* bias, bool accumulate,
                           float* y) const {
  const std::int64_t unit = rows_per_call().least;
  const std::int64_t units = (rows + unit - 1) / unit;  // of rows, per panel
  const std::int64_t all = units * static_cast<std::int64_t>(state_->panels.size());
  const std::int64_t threads = std::min<std::int64_t>(free_threads(), all);
  try {
    parallel_for(threads, [&](std::int64_t t) {
      const OneThread guard;
      // This thread's stretch of (panel, unit) pairs, panel by panel.
      for (std::int64_t at = all * t / threads; at < all * (t + 1) / threads;) {
        const Panel& panel = state_->panels[static_cast<std::size_t>(at / units)];
        const std::int64_t first = at % units;
        const std::int64_t last = std::min(units, first + all * (t + 1) / threads - at);
        state_->piece(panel, x, first * unit, std::min(rows, last * unit), bias, accumulate, y);
        at += last - first;
      }
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

}  // namespace ascribo::ops

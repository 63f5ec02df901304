// SPDX-License-Identifier: MIT
// Packed products by oneDNN (2.6 and 3.x). B is cut into panels of columns that stay in a core's
// cache; the (panel, rows) plane is cut among the threads, and every piece is one call on one
// thread with one of a few row counts; what is added to, is added to afterwards, which leaves very
// few kernels to be generated. A few rows, as when a model writes token by token, are bounded by
// the reading of B: our own kernel reads its blocks, cut among the threads, and gives the same
// bits.
#include "ascribo/ops/onednn/packed_matrix.h"

#include <algorithm>
#include <cstdint>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/calls.h"
#include "ascribo/ops/onednn/column_blocks.h"
#include "ascribo/ops/onednn/products.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/tensor/convert.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops {
namespace {

using namespace onednn;
using dnnl::memory;
constexpr auto kSingle = memory::data_type::f32;

// Wide enough that cutting costs nothing, narrow enough that few rows keep several threads busy.
constexpr std::int64_t kPanel = 768;

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

// Fewer rows than a call must have are not worth filling up where B's blocks are known.
constexpr std::int64_t kFewRows = 8;

ProductShape shape_of(std::int64_t rows, std::int64_t inner, std::int64_t width) {
  return {.rows = rows, .inner = inner, .width = width};
}

struct Panel {
  Stretch columns;  // of B
  Layout layout;
  std::byte* data;
};

std::vector<Panel> cut_panels(std::int64_t inner, std::int64_t outer) {
  const OneThread guard;
  std::vector<Panel> panels;
  for (const Stretch columns : cut(outer, kPanel)) {
    const Layout layout = packed_layout(shape_of(rows_per_call().most, inner, columns.width));
    panels.push_back({columns, layout, nullptr});
  }
  return panels;
}

// As find_stretch(), once for every shape; 0 for blocks that are not known.
std::int64_t stretch_of(const Panel& panel, std::int64_t inner) {
  if (block_stride(panel.layout) == 0) return 0;
  static std::mutex mutex;
  static std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> found;
  std::lock_guard lock(mutex);
  const auto [at, is_new] = found.try_emplace({inner, panel.columns.width});
  if (is_new) {
    const OneThread guard;
    const ProductShape shape = shape_of(rows_per_call().least, inner, panel.columns.width);
    at->second = find_stretch(shape, panel.layout);
  }
  return at->second;
}

// Reorders one panel: from where the weight lies, or converted to single precision first.
void pack(const Panel& panel, const Tensor& weight, bool transposed, std::int64_t inner) {
  const OneThread guard;
  const std::int64_t first = transposed ? panel.columns.begin * inner : panel.columns.begin;
  std::int64_t row_width = weight.cols();
  const float* from = nullptr;
  Tensor plain;
  const bool aligned = reinterpret_cast<std::uintptr_t>(weight.raw()) % alignof(float) == 0;
  if (weight.dtype() == Dtype::kF32 && aligned) {
    from = weight.data<float>() + first;
  } else {
    plain = transposed ? Tensor::empty({panel.columns.width, inner})
                       : Tensor::empty({inner, panel.columns.width});
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
  memory source = argument(Layout({inner, panel.columns.width}, kSingle, strides), from);
  memory packed = argument(panel.layout, panel.data);
  dnnl::reorder(source, packed).execute(stream(), source, packed);
  stream().wait();
}

}  // namespace

struct PackedMatrix::State {
  std::int64_t inner = 0, outer = 0;
  std::vector<Panel> panels;
  std::shared_ptr<void> storage;  // of all panels: large blocks get large pages
  std::once_flag once;
  std::int64_t stretch = 0;  // of multiply_blocks(); 0 where it must not be called

  // 64 columns of a panel.
  struct Block {
    const Panel* panel;
    std::int64_t begin;  // column of the panel
    Stretch columns() const {
      return {panel->columns.begin + begin, std::min(kBlockColumns, panel->columns.width - begin)};
    }
  };

  std::vector<Block> blocks() const {
    std::vector<Block> all;
    for (const Panel& panel : panels) {
      for (std::int64_t begin = 0; begin < panel.columns.width; begin += kBlockColumns) {
        all.push_back({&panel, begin});
      }
    }
    return all;
  }

  // Blocks one by one, cut among the threads: put(block, y `[rows, its columns]`).
  template <class Put>
  void multiply_blocks(const std::vector<Block>& some, const float* x, std::int64_t rows,
                       const Put& put) const {
    const std::int64_t work = inner * kBlockColumns * rows;
    parallel_ranges(std::ssize(some), work, [&](std::int64_t first, std::int64_t last) {
      Tensor result = Tensor::empty({rows, kBlockColumns});
      for (std::int64_t i = first; i < last; ++i) {
        const Block& block = some[static_cast<std::size_t>(i)];
        const auto* data = reinterpret_cast<const float*>(block.panel->data) +
                           block.begin / kBlockColumns * block_stride(block.panel->layout);
        auto* to = result.mutable_data<float>();
        multiply_block(x, rows, inner, stretch, data, block.columns().width, to);
        put(block, to);
      }
    });
  }

  void few(const float* x, std::int64_t rows, const float* bias, bool accumulate,
           const Finish& finish, float* y) const {
    multiply_blocks(blocks(), x, rows, [&](const Block& block, const float* result) {
      put_columns(result, {0, rows}, block.columns(), bias, accumulate, finish, y, outer);
    });
  }

  // Those of the columns that are a block's, out of its product.
  static void pick(const float* result, std::int64_t rows, Stretch block, const float* bias,
                   std::span<const std::int64_t> columns, float* y, std::int64_t outer) {
    for (const std::int64_t column : columns) {
      if (column < block.begin || column >= block.begin + block.width) continue;
      for (std::int64_t row = 0; row < rows; ++row) {
        const float sum = result[row * block.width + column - block.begin];
        y[row * outer + column] = bias == nullptr ? sum : sum + bias[column];
      }
    }
  }

  // Whether blocks give the bits of piece(), which is tried when it is first asked.
  bool has_blocks() {
    std::call_once(once, [this] {
      for (const Panel& panel : panels) {
        const std::int64_t each = stretch_of(panel, inner);
        if (&panel != &panels.front() && each != stretch) stretch = 0;
        if (&panel == &panels.front()) stretch = each;
        if (stretch == 0) return;
      }
    });
    return stretch > 0;
  }

  // Rows [begin, end) of one panel in as few calls as possible, about equal; the last is filled up
  // to a size that calls may have.
  void piece(const Panel& panel, const float* x, std::int64_t begin, std::int64_t end,
             const float* bias, bool accumulate, const Finish& finish, float* y) const {
    const auto [least, most] = rows_per_call();
    const std::int64_t calls = (end - begin + most - 1) / most;
    const std::int64_t share = (end - begin + calls - 1) / calls;
    const auto round_up = [least = least](std::int64_t rows) {
      return (rows + least - 1) / least * least;
    };
    const std::int64_t width = panel.columns.width;
    Tensor buffer = Tensor::empty({round_up(share), width});
    const bool dense_target = width == outer && !accumulate;
    std::int64_t count = 0;
    for (std::int64_t row = begin; row < end; row += count) {
      count = round_up(std::min(share, end - row));
      const std::int64_t valid = std::min(count, end - row);
      // Rows before, computed once more, fill a call up; zeros where there are too few.
      const std::int64_t before = row >= count - valid ? count - valid : 0;
      const float* from = x + (row - before) * inner;
      Tensor padded;
      if (before + valid < count) {
        padded = Tensor::zeros({count, inner});
        std::copy_n(from, valid * inner, padded.mutable_data<float>());
        from = padded.data<float>();
      }
      const bool in_place = dense_target && valid == count;
      float* result = in_place ? y + row * outer : buffer.mutable_data<float>();
      multiply(shape_of(count, inner, width), from, panel.layout, panel.data, result);
      put_columns(result + before * width, {row, valid}, panel.columns, bias, accumulate, finish, y,
                  outer);
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
                           float* y, const Finish& finish) const {
  if (rows < kFewRows && state_->has_blocks()) {
    return state_->few(x, rows, bias, accumulate, finish, y);
  }
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
        state_->piece(panel, x, first * unit, std::min(rows, last * unit), bias, accumulate, finish,
                      y);
        at += last - first;
      }
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

bool PackedMatrix::product_at(const float* x, std::int64_t rows, const float* bias,
                              std::span<const std::int64_t> columns, float* y) const {
  if (rows == 0) return true;
  if (!state_->has_blocks()) return false;
  std::vector<State::Block> some;
  for (const State::Block& block : state_->blocks()) {
    const auto [begin, width] = block.columns();
    const auto found = std::lower_bound(columns.begin(), columns.end(), begin);
    if (found != columns.end() && *found < begin + width) some.push_back(block);
  }
  state_->multiply_blocks(some, x, rows, [&](const State::Block& block, const float* result) {
    State::pick(result, rows, block.columns(), bias, columns, y, state_->outer);
  });
  return true;
}

}  // namespace ascribo::ops

// SPDX-License-Identifier: MIT
// Blocks of keys and values, shared by all who go on from the same tokens.
#include "ascribo/ops/past/past.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo {

struct Past::Block {
  std::vector<Tensor> keys, values;  // by layer: [heads, width, kBlock], [heads, kBlock, value row]
  std::atomic<std::int64_t> used{0};
};

std::int64_t Past::value_row() const { return ops::simd::padded(form_.width); }

std::shared_ptr<Past::Block> Past::new_block(std::int64_t tokens) const {
  auto block = std::make_shared<Block>();
  for (std::int64_t layer = 0; layer < form_.layers; ++layer) {
    block->keys.push_back(Tensor::empty({form_.heads, form_.width, kBlock}, form_.dtype));
    block->values.push_back(Tensor::empty({form_.heads, kBlock, value_row()}, form_.dtype));
  }
  block->used = tokens;
  return block;
}

// A block that holds the first `kept` tokens of `last` and has room for `tokens` more: itself for
// the first who asks.
std::shared_ptr<Past::Block> Past::continued(const std::shared_ptr<Block>& last, std::int64_t kept,
                                             std::int64_t tokens) const {
  std::int64_t expected = kept;
  if (last->used.compare_exchange_strong(expected, kept + tokens)) return last;
  std::shared_ptr<Block> copy = new_block(kept + tokens);
  const auto size = static_cast<std::int64_t>(dtype_size(form_.dtype));
  const auto copy_some = [&](const Tensor& from, Tensor& to, std::int64_t rows, std::int64_t row,
                             std::int64_t count) {
    const auto* source = static_cast<const std::byte*>(from.raw());
    auto* target = static_cast<std::byte*>(to.mutable_raw());
    for (std::int64_t r = 0; r < rows; ++r) {
      std::memcpy(target + r * row * size, source + r * row * size,
                  static_cast<std::size_t>(count * size));
    }
  };
  for (std::size_t layer = 0; layer < last->keys.size(); ++layer) {
    const std::int64_t columns = form_.heads * form_.width, row = value_row();
    copy_some(last->keys[layer], copy->keys[layer], columns, kBlock, kept);
    copy_some(last->values[layer], copy->values[layer], form_.heads, kBlock * row, kept * row);
  }
  return copy;
}

std::shared_ptr<Past> Past::after(const Past* before, const Form& form, std::int64_t tokens,
                                  std::span<const std::uint8_t> visible) {
  ASCRIBO_ASSERT(tokens >= 0 && (before == nullptr || before->form_ == form));
  ASCRIBO_ASSERT(visible.empty() || static_cast<std::int64_t>(visible.size()) == tokens);
  std::shared_ptr<Past> past(new Past(before != nullptr ? *before : Past()));
  past->form_ = form;
  past->before_ = past->size_;
  past->size_ += tokens;
  if (!visible.empty() || !past->visible_.empty()) {
    past->visible_.resize(static_cast<std::size_t>(past->before_), 1);
    past->visible_.insert(past->visible_.end(), visible.begin(), visible.end());
    past->visible_.resize(static_cast<std::size_t>(past->size_), 1);
  }
  const std::int64_t kept = past->before_ % kBlock, room = kept == 0 ? 0 : kBlock - kept;
  if (room > 0 && tokens > 0) {
    past->blocks_.back() = past->continued(past->blocks_.back(), kept, std::min(room, tokens));
  }
  for (std::int64_t left = tokens - room; left > 0; left -= kBlock) {
    past->blocks_.push_back(past->new_block(std::min(left, kBlock)));
  }
  return past;
}

std::shared_ptr<const Past> Past::up_to(std::int64_t tokens) const {
  ASCRIBO_ASSERT(tokens >= 0 && tokens <= size_);
  const std::shared_ptr<Past> first(new Past(*this));
  first->size_ = first->before_ = tokens;
  if (!visible_.empty()) first->visible_.resize(static_cast<std::size_t>(tokens));
  first->blocks_.resize(static_cast<std::size_t>((tokens + kBlock - 1) / kBlock));
  return first;
}

void Past::write(int layer, const Tensor& keys, const Tensor& values) {
  ASCRIBO_ASSERT((keys.shape() == Shape{size_ - before_, form_.heads * form_.width}));
  ASCRIBO_ASSERT(values.shape() == keys.shape());
  ASCRIBO_ASSERT(keys.dtype() == form_.dtype && values.dtype() == form_.dtype);
  const bool single = form_.dtype == Dtype::kF32;
  single ? write_rows<float>(layer, keys, values) : write_rows<double>(layer, keys, values);
}

template <class T>
void Past::write_rows(int layer, const Tensor& keys, const Tensor& values) {
  const auto at = static_cast<std::size_t>(layer);
  const std::int64_t columns = form_.heads * form_.width;
  for (std::int64_t token = before_; token < size_; ++token) {
    Block& block = *blocks_[static_cast<std::size_t>(token / kBlock)];
    const T* key = keys.data<T>() + (token - before_) * columns;
    T* to = block.keys[at].mutable_data<T>() + token % kBlock;
    for (std::int64_t c = 0; c < columns; ++c) to[c * kBlock] = key[c];
    const T* value = values.data<T>() + (token - before_) * columns;
    for (std::int64_t head = 0; head < form_.heads; ++head) {
      std::copy_n(
          value + head * form_.width, form_.width,
          block.values[at].mutable_data<T>() + (head * kBlock + token % kBlock) * value_row());
    }
  }
}

template <class T>
const T* Past::keys(int layer, std::int64_t head, std::int64_t block) const {
  const Block& own = *blocks_[static_cast<std::size_t>(block)];
  return own.keys[static_cast<std::size_t>(layer)].data<T>() + head * form_.width * kBlock;
}

template <class T>
const T* Past::values(int layer, std::int64_t head, std::int64_t block) const {
  const Block& own = *blocks_[static_cast<std::size_t>(block)];
  return own.values[static_cast<std::size_t>(layer)].data<T>() + head * kBlock * value_row();
}

template const float* Past::keys(int, std::int64_t, std::int64_t) const;
template const double* Past::keys(int, std::int64_t, std::int64_t) const;
template const float* Past::values(int, std::int64_t, std::int64_t) const;
template const double* Past::values(int, std::int64_t, std::int64_t) const;

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What attention needs of tokens that ran before: their keys and values, layer by layer.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

/// Keys as queries meet them (normalised, turned by their positions) and values of the tokens that
/// a causal model has seen, in every layer. A finished past never changes, and may be read
/// concurrently; any number of continuations share its storage. Tokens are kept in blocks, so that
/// a token is added at the cost of that token alone: the last block is filled up in place by the
/// first continuation, and copied for others.
class Past {
 public:
  static constexpr std::int64_t kBlock = 32;  ///< tokens in a block

  /// What is kept of a token: the same for all pasts of a model.
  struct Form {
    std::int64_t layers = 0;
    std::int64_t heads = 0;  ///< of keys and values; several heads of queries may share one
    std::int64_t width = 0;  ///< of a head
    Dtype dtype = Dtype::kF32;
    bool operator==(const Form&) const = default;
  };

  /// `before` (or nothing, if null) and `tokens` more, whose keys and values write() has to fill in
  /// before anybody reads it. `visible` has a flag for each of them, or none when all are seen.
  static std::shared_ptr<Past> after(const Past* before, const Form& form, std::int64_t tokens,
                                     std::span<const std::uint8_t> visible = {});

  /// Keys and values of one layer, `[tokens, heads * width]`: those that after() promised.
  void write(int layer, const Tensor& keys, const Tensor& values);

  std::int64_t size() const { return size_; }
  const Form& form() const { return form_; }
  /// Whether attention may look at a token.
  bool sees(std::int64_t token) const {
    return visible_.empty() || visible_[static_cast<std::size_t>(token)] != 0;
  }

  /// The first `tokens` of these.
  std::shared_ptr<const Past> up_to(std::int64_t tokens) const;

  /// One head of the tokens from block * kBlock on: keys `[width, kBlock]`, a column for each
  /// token; values `[kBlock, value_row()]`, a row for each. Only those of size() tokens may be
  /// read.
  template <class T>
  const T* keys(int layer, std::int64_t head, std::int64_t block) const;
  template <class T>
  const T* values(int layer, std::int64_t head, std::int64_t block) const;
  std::int64_t value_row() const;  ///< the width, up to a multiple of what products read at once

 private:
  struct Block;
  Past() = default;
  std::shared_ptr<Block> new_block(std::int64_t tokens) const;
  std::shared_ptr<Block> continued(const std::shared_ptr<Block>& last, std::int64_t kept,
                                   std::int64_t tokens) const;
  template <class T>
  void write_rows(int layer, const Tensor& keys, const Tensor& values);

  Form form_;
  std::int64_t size_ = 0, before_ = 0;  // all tokens; those that were there before
  std::vector<std::uint8_t> visible_;   // empty: all
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace ascribo

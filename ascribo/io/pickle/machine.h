// SPDX-License-Identifier: MIT
// The stack machine that a pickle is a program for, with inert instructions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ascribo/io/pickle/cursor.h"
#include "ascribo/io/pickle/document.h"

namespace ascribo {

/// Runs one pickle. Memory is bounded whatever the bytes say: a length is compared with what is
/// left, and values are counted (a long text as several).
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, const std::string& where);

  PickleValue run();
  std::size_t length() const { return cursor_.position(); }

 private:
  using Index = std::uint32_t;
  using Kind = PickleValue::Kind;

  // Each runs an instruction if it is one of its kind.
  bool constants(unsigned code);
  bool numbers(unsigned code);
  bool texts(unsigned code);
  bool sequences(unsigned code);
  bool dicts(unsigned code);
  bool objects(unsigned code);
  bool names(unsigned code);
  bool stack_and_memo(unsigned code);

  Index add(PickleNode node);
  void push(PickleNode node);
  void push_integer(std::int64_t value);
  void push_big_integer(std::uint64_t size);
  void push_text(std::string_view text);
  void push_bytes(std::string_view bytes);
  void push_line(Kind kind);
  void push_sequence(Kind kind, std::vector<Index> items);
  void push_dict(const std::vector<Index>& items);
  void push_name(std::string_view module, std::string_view name);
  void push_made(Index maker, Index arguments);

  Index top() const;
  Index pop();
  std::vector<Index> pop_to_mark();
  std::vector<Index> pop_some(std::size_t count);

  void append(const std::vector<Index>& items);
  void set(const std::vector<Index>& items);
  void build();

  void put(std::uint64_t key);
  void get(std::uint64_t key);

  /// Counts what is held; kUnsupported for more than any checkpoint needs.
  void spend(std::size_t values);
  std::string_view keep(std::string text);
  PickleNode& node(Index index) { return document_->nodes[index]; }

  // What plain containers are made by, where pickles have no instruction for them.
  bool push_container(std::string_view name, const PickleNode& arguments);
  bool push_encoded(const PickleNode& arguments);

  std::shared_ptr<PickleDocument> document_;
  PickleCursor cursor_;
  std::vector<Index> stack_;
  std::vector<std::size_t> marks_;  ///< heights of the stack
  std::vector<Index> memo_;
  std::unordered_map<std::uint64_t, Index> far_memo_;  ///< keys that leave gaps
  std::size_t spent_ = 0;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The instructions of pickle protocols 0 to 5.
#include "ascribo/io/pickle/machine.h"

#include <bit>
#include <utility>

#include "ascribo/base/utf8.h"
#include "ascribo/io/pickle/instructions.h"
#include "ascribo/io/pickle/literals.h"

namespace ascribo {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 21;
constexpr std::size_t kTextPerValue = 64;
constexpr unsigned kNewestProtocol = 5;

PickleNode text_node(PickleValue::Kind kind, std::string_view text) {
  PickleNode node;
  node.kind = kind;
  node.text = text;
  return node;
}

/// `bytes` as a little-endian two's complement number of at most 8 bytes.
std::int64_t signed_number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0;
  if (negative && bytes.size() < 8) value |= ~std::uint64_t{0} << (8 * bytes.size());
  return static_cast<std::int64_t>(value);
}

}  // namespace

PickleMachine::PickleMachine(std::span<const std::byte> bytes, const std::string& where)
    : document_(std::make_shared<PickleDocument>()), cursor_(bytes, document_->where) {
  document_->where = where;
}

PickleValue PickleMachine::run() {
  for (;;) {
    const auto code = static_cast<unsigned>(cursor_.number(1));
    if (code == pickle::kStop) break;
    const bool known = constants(code) || numbers(code) || texts(code) || sequences(code) ||
                       dicts(code) || objects(code) || names(code) || stack_and_memo(code);
    if (!known) {
      cursor_.refuse("has the instruction " + std::to_string(code),
                     "one of protocols 0 to " + std::to_string(kNewestProtocol));
    }
  }
  const Index result = pop();
  return {document_, result};
}

PickleMachine::Index PickleMachine::add(PickleNode node) {
  spend(1 + node.items.size() / 16);
  document_->nodes.push_back(std::move(node));
  return static_cast<Index>(document_->nodes.size() - 1);
}

void PickleMachine::push(PickleNode node) { stack_.push_back(add(std::move(node))); }

void PickleMachine::push_integer(std::int64_t value) {
  PickleNode node;
  node.kind = Kind::kInteger;
  node.integer = value;
  push(std::move(node));
}

void PickleMachine::push_big_integer(std::uint64_t size) {
  const std::string_view bytes = cursor_.text(size);
  if (bytes.size() <= 8) return push_integer(signed_number(bytes));
  push(text_node(Kind::kBigInteger, bytes));
}

void PickleMachine::push_text(std::string_view text) {
  push(text_node(find_invalid_utf8(text) ? Kind::kBytes : Kind::kString, text));
}

void PickleMachine::push_bytes(std::string_view bytes) { push(text_node(Kind::kBytes, bytes)); }

/// A value that protocol 0 writes as a line.
void PickleMachine::push_line(Kind kind) {
  const std::string_view line = cursor_.line();
  if (kind == Kind::kNumber) {
    if (const auto number = read_decimal_number(line)) {
      PickleNode node;
      node.kind = kind;
      node.number = *number;
      return push(std::move(node));
    }
  } else if (kind == Kind::kInteger) {
    if (const auto integer = read_decimal(line)) return push_integer(*integer);
  } else if (auto text = kind == Kind::kBytes ? read_quoted(line) : read_raw_unicode(line)) {
    return push_text(keep(std::move(*text)));
  }
  cursor_.refuse("has a line that cannot be read", kind == Kind::kNumber ? "a number"
                                                   : kind == Kind::kInteger
                                                       ? "an integer of at most 64 bits"
                                                       : "a string as Python writes it");
}

bool PickleMachine::constants(unsigned code) {
  PickleNode node;
  switch (code) {
    case pickle::kNone: break;
    case pickle::kNewTrue:
    case pickle::kNewFalse:
      node.kind = Kind::kBool;
      node.integer = code == pickle::kNewTrue ? 1 : 0;
      break;
    case pickle::kProto:
      if (cursor_.number(1) > kNewestProtocol) {
        cursor_.refuse("has a newer protocol", "at most " + std::to_string(kNewestProtocol));
      }
      return true;
    case pickle::kFrame: {  // a frame: what follows, up to its end, may be read at once
      const std::uint64_t size = cursor_.number(8);
      PickleCursor ahead = cursor_;
      ahead.take(size);
      return true;
    }
    default: return false;
  }
  push(std::move(node));
  return true;
}

bool PickleMachine::numbers(unsigned code) {
  PickleNode node;
  switch (code) {
    case pickle::kFloat: push_line(Kind::kNumber); return true;
    case pickle::kInt: {
      PickleCursor ahead = cursor_;
      const std::string_view line = ahead.line();
      if (line != "00" && line != "01") {
        push_line(Kind::kInteger);
        return true;
      }
      cursor_ = ahead;
      return constants(line == "01" ? pickle::kNewTrue : pickle::kNewFalse);
    }
    case pickle::kLong: push_line(Kind::kInteger); return true;
    case pickle::kBinInt: push_integer(static_cast<std::int32_t>(cursor_.number(4))); return true;
    case pickle::kBinInt1: push_integer(static_cast<std::int64_t>(cursor_.number(1))); return true;
    case pickle::kBinInt2: push_integer(static_cast<std::int64_t>(cursor_.number(2))); return true;
    case pickle::kLong1: push_big_integer(cursor_.number(1)); return true;
    case pickle::kLong4: push_big_integer(cursor_.number(4)); return true;
    case pickle::kBinFloat: {
      std::uint64_t bits = 0;
      for (const std::byte each : cursor_.take(8)) {
        bits = bits << 8 | std::to_integer<std::uint64_t>(each);
      }
      node.kind = Kind::kNumber;
      node.number = std::bit_cast<double>(bits);
      push(std::move(node));
      return true;
    }
    default: return false;
  }
}

bool PickleMachine::texts(unsigned code) {
  switch (code) {
    case pickle::kString: push_line(Kind::kBytes); return true;
    case pickle::kUnicode: push_line(Kind::kString); return true;
    case pickle::kBinString:
    case pickle::kBinUnicode: push_text(cursor_.text(cursor_.number(4))); return true;
    case pickle::kShortBinString:
    case pickle::kShortBinUnicode: push_text(cursor_.text(cursor_.number(1))); return true;
    case pickle::kBinUnicode8: push_text(cursor_.text(cursor_.number(8))); return true;
    case pickle::kBinBytes: push_bytes(cursor_.text(cursor_.number(4))); return true;
    case pickle::kShortBinBytes: push_bytes(cursor_.text(cursor_.number(1))); return true;
    case pickle::kBinBytes8:
    case pickle::kByteArray8: push_bytes(cursor_.text(cursor_.number(8))); return true;
    case pickle::kNextBuffer:
      cursor_.refuse("wants a buffer from outside of it", "all data inside the pickle");
    case pickle::kReadonlyBuffer: return true;  // "the buffer is read-only": so is everything here
    default: return false;
  }
}

bool PickleMachine::sequences(unsigned code) {
  switch (code) {
    case pickle::kEmptyList: push_sequence(Kind::kList, {}); return true;
    case pickle::kEmptyTuple: push_sequence(Kind::kTuple, {}); return true;
    case pickle::kEmptySet: push_sequence(Kind::kSet, {}); return true;
    case pickle::kList: push_sequence(Kind::kList, pop_to_mark()); return true;
    case pickle::kTuple: push_sequence(Kind::kTuple, pop_to_mark()); return true;
    case pickle::kFrozenSet: push_sequence(Kind::kSet, pop_to_mark()); return true;
    case pickle::kTuple1:
    case pickle::kTuple2:
    case pickle::kTuple3:
      push_sequence(Kind::kTuple, pop_some(code - pickle::kTuple1 + 1));
      return true;
    case pickle::kAppend: append(pop_some(1)); return true;
    case pickle::kAppends:
    case pickle::kAddItems: append(pop_to_mark()); return true;
    default: return false;
  }
}

bool PickleMachine::dicts(unsigned code) {
  switch (code) {
    case pickle::kEmptyDict: push_dict({}); return true;
    case pickle::kDict: push_dict(pop_to_mark()); return true;
    case pickle::kSetItem: set(pop_some(2)); return true;
    case pickle::kSetItems: set(pop_to_mark()); return true;
    default: return false;
  }
}

bool PickleMachine::objects(unsigned code) {
  switch (code) {
    case pickle::kReduce:
    case pickle::kNewObj: {
      const auto parts = pop_some(2);
      push_made(parts[0], parts[1]);
      return true;
    }
    case pickle::kNewObjEx: {
      const auto parts = pop_some(3);
      push_made(parts[0], parts[1]);
      node(top()).state = parts[2];  // named arguments: all that is known until BUILD says more
      return true;
    }
    case pickle::kObj:
    case pickle::kInst: {
      std::vector<Index> parts = pop_to_mark();
      if (code == pickle::kInst) {
        const std::string_view module = cursor_.line();
        push_name(module, cursor_.line());
        parts.insert(parts.begin(), pop());
      }
      if (parts.empty()) cursor_.refuse("makes an object of nothing", "its class");
      const Index maker = parts.front();
      parts.erase(parts.begin());
      push_sequence(Kind::kTuple, std::move(parts));
      push_made(maker, pop());
      return true;
    }
    case pickle::kBuild: build(); return true;
    case pickle::kPersId: push_text(cursor_.line()); [[fallthrough]];
    case pickle::kBinPersId: {
      PickleNode node;
      node.kind = Kind::kPersistent;
      node.maker = pop();
      push(std::move(node));
      return true;
    }
    default: return false;
  }
}

bool PickleMachine::names(unsigned code) {
  switch (code) {
    case pickle::kGlobal: {
      const std::string_view module = cursor_.line();
      push_name(module, cursor_.line());
      return true;
    }
    case pickle::kStackGlobal: {
      const auto parts = pop_some(2);
      for (const Index part : parts) {
        if (node(part).kind != Kind::kString) cursor_.refuse("has a name of no text", "a string");
      }
      push_name(node(parts[0]).text, node(parts[1]).text);
      return true;
    }
    case pickle::kExt1:
    case pickle::kExt2:
    case pickle::kExt4:  // a class by its number in a registry of the program that wrote it
      push_name("extension",
                std::to_string(cursor_.number(std::size_t{1} << (code - pickle::kExt1))));
      return true;
    default: return false;
  }
}

bool PickleMachine::stack_and_memo(unsigned code) {
  switch (code) {
    case pickle::kMark:
      spend(1);
      marks_.push_back(stack_.size());
      return true;
    case pickle::kPop:
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        marks_.pop_back();
      } else {
        pop();
      }
      return true;
    case pickle::kPopMark: pop_to_mark(); return true;
    case pickle::kDup:
      spend(1);
      stack_.push_back(top());
      return true;
    case pickle::kPut:
    case pickle::kGet: {
      const auto key = read_decimal(cursor_.line());
      if (!key || *key < 0) cursor_.refuse("has a memo key that cannot be read", "a number");
      code == pickle::kPut ? put(static_cast<std::uint64_t>(*key))
                           : get(static_cast<std::uint64_t>(*key));
      return true;
    }
    case pickle::kBinPut: put(cursor_.number(1)); return true;
    case pickle::kLongBinPut: put(cursor_.number(4)); return true;
    case pickle::kMemoize: put(memo_.size()); return true;
    case pickle::kBinGet: get(cursor_.number(1)); return true;
    case pickle::kLongBinGet: get(cursor_.number(4)); return true;
    default: return false;
  }
}

void PickleMachine::put(std::uint64_t key) {
  if (key < memo_.size()) {
    memo_[key] = top();
    return;
  }
  spend(1);
  if (key == memo_.size()) {
    memo_.push_back(top());
  } else {
    far_memo_[key] = top();
  }
}

void PickleMachine::get(std::uint64_t key) {
  Index found = kNoValue;
  if (key < memo_.size()) {
    found = memo_[key];
  } else if (const auto far = far_memo_.find(key); far != far_memo_.end()) {
    found = far->second;
  } else {
    cursor_.refuse("asks for memo " + std::to_string(key), "one that was filled before");
  }
  spend(1);
  stack_.push_back(found);
}

void PickleMachine::spend(std::size_t values) {
  spent_ += values;
  if (spent_ <= kMostValues) return;
  fail(Code::kUnsupported, document_->where,
       "the pickle holds more than " + std::to_string(kMostValues) + " values",
       "expected weights with a few plain values around them");
}

std::string_view PickleMachine::keep(std::string text) {
  spend(1 + text.size() / kTextPerValue);
  return document_->texts.emplace_back(std::move(text));
}

PickleValue PickleValue::read(std::span<const std::byte> bytes, const std::string& where,
                              std::size_t* length) {
  PickleMachine machine(bytes, where);
  PickleValue value = machine.run();
  if (length != nullptr) *length = machine.length();
  return value;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What a pickle's values hold, and what is said when they hold something else.
#include "ascribo/io/pickle.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/io/pickle/document.h"

namespace ascribo {
namespace {

using Kind = PickleValue::Kind;

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::kNone: return "None";
    case Kind::kBool: return "a bool";
    case Kind::kInteger: return "an integer";
    case Kind::kBigInteger: return "an integer of more than 64 bits";
    case Kind::kNumber: return "a number";
    case Kind::kString: return "a string";
    case Kind::kBytes: return "bytes";
    case Kind::kList: return "a list";
    case Kind::kTuple: return "a tuple";
    case Kind::kSet: return "a set";
    case Kind::kDict: return "a dict";
    case Kind::kGlobal: return "the name";
    case Kind::kObject: return "an object of";
    case Kind::kPersistent: return "a persistent id";
  }
  return "";
}

}  // namespace

PickleValue::PickleValue(std::shared_ptr<const PickleDocument> document, std::uint32_t index,
                         std::string_view key)
    : document_(std::move(document)), index_(index), key_(key) {}

PickleValue PickleValue::value(std::uint32_t index, std::string_view key) const {
  return {document_, index, key};
}

Kind PickleValue::kind() const { return document_->nodes[index_].kind; }

std::string PickleValue::what() const {
  std::string text = kind_name(kind());
  if (is(Kind::kGlobal) || is(Kind::kObject)) text.append(" ").append(name());
  return text;
}

void PickleValue::refuse(const std::string& expected) const {
  const std::string holder = key_.empty() ? "a value" : std::string("\"").append(key_).append("\"");
  fail(Code::kBadFile, document_->where, holder + " is " + what(), "expected " + expected);
}

bool PickleValue::boolean() const {
  if (!is(Kind::kBool)) refuse("a bool");
  return document_->nodes[index_].integer != 0;
}

std::int64_t PickleValue::integer() const {
  if (!is(Kind::kInteger)) refuse("an integer");
  return document_->nodes[index_].integer;
}

double PickleValue::number() const {
  if (is(Kind::kInteger)) return static_cast<double>(document_->nodes[index_].integer);
  if (!is(Kind::kNumber)) refuse("a number");
  return document_->nodes[index_].number;
}

std::string_view PickleValue::string() const {
  if (!is(Kind::kString)) refuse("a string");
  return document_->nodes[index_].text;
}

std::span<const std::byte> PickleValue::bytes() const {
  if (!is(Kind::kBytes) && !is(Kind::kBigInteger)) refuse("bytes");
  return std::as_bytes(std::span(document_->nodes[index_].text));
}

std::size_t PickleValue::size() const {
  const PickleNode& node = document_->nodes[index_];
  return node.pairs ? node.items.size() / 2 : node.items.size();
}

PickleValue PickleValue::at(std::size_t index) const {
  const PickleNode& node = document_->nodes[index_];
  if (!is(Kind::kList) && !is(Kind::kTuple)) refuse("a list or tuple");
  if (index >= node.items.size()) refuse("more than " + std::to_string(index) + " elements");
  return value(node.items[index], key_);
}

void PickleValue::elements(const std::function<void(const PickleValue& value)>& visit) const {
  const PickleNode& node = document_->nodes[index_];
  if (node.pairs) return;
  for (const std::uint32_t item : node.items) visit(value(item, key_));
}

void PickleValue::members(
    const std::function<void(const PickleValue& key, const PickleValue& value)>& visit) const {
  if (!is(Kind::kDict) && !is(Kind::kObject)) refuse("a dict");
  const PickleNode& node = document_->nodes[index_];
  if (!node.pairs) return;
  const auto& members = node.items;
  for (std::size_t i = 0; i + 1 < members.size(); i += 2) {
    const PickleValue key = value(members[i]);
    visit(key, value(members[i + 1], key.is(Kind::kString) ? key.string() : std::string_view()));
  }
}

std::optional<PickleValue> PickleValue::find(std::string_view key) const {
  if (!is(Kind::kDict) && !is(Kind::kObject)) refuse("a dict");
  const PickleNode& node = document_->nodes[index_];
  if (!node.pairs) return std::nullopt;
  const auto& members = node.items;
  for (std::size_t i = members.size(); i >= 2; i -= 2) {  // of equal keys, the last counts
    const PickleNode& each = document_->nodes[members[i - 2]];
    if (each.kind == Kind::kString && each.text == key) return value(members[i - 1], each.text);
  }
  return std::nullopt;
}

PickleValue PickleValue::at(std::string_view key) const {
  if (const auto found = find(key)) return *found;
  refuse("a dict with the key \"" + std::string(key) + "\"");
}

void PickleValue::all(Kind kind, const std::function<void(const PickleValue& value)>& visit) const {
  for (std::uint32_t i = 0; i < document_->nodes.size(); ++i) {
    if (document_->nodes[i].kind == kind) visit(value(i));
  }
}

std::string_view PickleValue::name() const {
  const PickleNode& node = document_->nodes[index_];
  if (node.kind == Kind::kGlobal) return node.text;
  if (node.kind != Kind::kObject) refuse("a name or an object");
  const PickleNode& maker = document_->nodes[node.maker];
  if (maker.kind == Kind::kPersistent) {  // older torch.save: ("module", class, file, source)
    const auto& parts = document_->nodes[maker.maker].items;
    if (parts.size() > 1 && document_->nodes[parts[1]].kind == Kind::kGlobal) {
      return document_->nodes[parts[1]].text;
    }
  }
  return maker.kind == Kind::kGlobal ? maker.text : std::string_view("(unnamed)");
}

PickleValue PickleValue::arguments() const {
  if (!is(Kind::kObject)) refuse("an object");
  return value(document_->nodes[index_].arguments, key_);
}

std::optional<PickleValue> PickleValue::state() const {
  const std::uint32_t state = document_->nodes[index_].state;
  return state == kNoValue ? std::nullopt : std::optional(value(state, key_));
}

PickleValue PickleValue::persistent_id() const {
  if (!is(Kind::kPersistent)) refuse("a persistent id");
  return value(document_->nodes[index_].maker, key_);
}

std::optional<PickleValue> PickleValue::attribute(std::string_view name) const {
  const auto own = state();
  if (!own) return std::nullopt;
  if (own->is(Kind::kDict)) return own->find(name);
  if (!own->is(Kind::kTuple)) return std::nullopt;
  std::optional<PickleValue> found;
  own->elements([&](const PickleValue& part) {
    if (!found && part.is(Kind::kDict)) found = part.find(name);
  });
  return found;
}

}  // namespace ascribo

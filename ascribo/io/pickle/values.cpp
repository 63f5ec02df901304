// SPDX-License-Identifier: MIT
// How the machine puts values together; what would be called is only written down.
#include <initializer_list>
#include <utility>

#include "ascribo/base/utf8.h"
#include "ascribo/io/pickle/machine.h"

namespace ascribo {
namespace {

constexpr std::size_t kLongestName = 512;

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view each : names) {
    if (name == each) return true;
  }
  return false;
}

}  // namespace

void PickleMachine::push_sequence(Kind kind, std::vector<Index> items) {
  PickleNode made;
  made.kind = kind;
  made.items = std::move(items);
  push(std::move(made));
}

void PickleMachine::push_dict(const std::vector<Index>& items) {
  push_sequence(Kind::kDict, {});
  node(top()).pairs = true;
  set(items);
}

void PickleMachine::push_name(std::string_view module, std::string_view name) {
  if (module.size() + name.size() > kLongestName) {
    cursor_.refuse("has a name of " + std::to_string(module.size() + name.size()) + " letters",
                   "the name of a class");
  }
  PickleNode made;
  made.kind = Kind::kGlobal;
  std::string text(module);
  text.append(".").append(name);
  for (char& each : text) {  // it is shown in messages
    if (static_cast<unsigned char>(each) < ' ' || each == '\x7F') each = '?';
  }
  if (find_invalid_utf8(text)) cursor_.refuse("has a name that is no UTF-8", "a name");
  made.text = keep(std::move(text));
  push(std::move(made));
}

void PickleMachine::push_made(Index maker, Index arguments) {
  if (node(arguments).kind != Kind::kTuple) {
    cursor_.refuse("makes an object without arguments", "a tuple of them");
  }
  if (node(maker).kind == Kind::kGlobal) {
    const std::string_view name = node(maker).text;
    if (push_container(name, node(arguments))) return;
    const std::vector<Index>& given = node(arguments).items;
    if (one_of(name, {"copy_reg._reconstructor", "copyreg._reconstructor", "copy_reg.__newobj__",
                      "copyreg.__newobj__"}) &&
        !given.empty()) {  // object.__new__ by other means: the class comes first
      maker = given.front();
    }
  }
  PickleNode made;
  made.kind = Kind::kObject;
  made.maker = maker;
  made.arguments = arguments;
  push(std::move(made));
}

bool PickleMachine::push_container(std::string_view name, const PickleNode& arguments) {
  const std::vector<Index>& given = arguments.items;
  const PickleNode* first = given.empty() ? nullptr : &node(given.front());
  const bool listed = first != nullptr && given.size() == 1 && !first->pairs &&
                      (first->kind == Kind::kList || first->kind == Kind::kTuple);
  if (name == "_codecs.encode") return push_encoded(arguments);
  if (one_of(name, {"builtins.bytearray", "__builtin__.bytearray", "__builtin__.bytes",
                    "builtins.bytes"})) {
    if (first == nullptr) push_bytes({});
    if (first != nullptr && first->kind == Kind::kBytes) push_bytes(first->text);
    return first == nullptr || first->kind == Kind::kBytes || push_encoded(arguments);
  }
  if (one_of(name,
             {"builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset"})) {
    if (listed) push_sequence(Kind::kSet, first->items);
    if (first == nullptr) push_sequence(Kind::kSet, {});
    return listed || first == nullptr;
  }
  if (name == "collections.defaultdict" ||
      (first == nullptr &&
       one_of(name, {"collections.OrderedDict", "builtins.dict", "__builtin__.dict"}))) {
    push_dict({});
    return true;
  }
  if (name != "collections.OrderedDict" || !listed) return false;
  std::vector<Index> members;
  for (const Index pair : first->items) {
    const std::vector<Index>& parts = node(pair).items;
    if (parts.size() != 2) return false;
    members.insert(members.end(), parts.begin(), parts.end());
  }
  spend(members.size() / 16);
  push_dict(members);
  return true;
}

/// Bytes that protocols 0 to 2 write as Latin-1 text: (text, "latin1").
bool PickleMachine::push_encoded(const PickleNode& arguments) {
  if (arguments.items.size() != 2) return false;
  const PickleNode& text = node(arguments.items[0]);
  const PickleNode& codec = node(arguments.items[1]);
  if (text.kind != Kind::kString || codec.kind != Kind::kString) return false;
  if (!one_of(codec.text, {"latin1", "latin-1"})) return false;
  std::string bytes;
  for (std::size_t i = 0; i < text.text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text.text[i]);
    if (lead < 0x80) {
      bytes += text.text[i];
    } else if (lead <= 0xC3) {  // two bytes, up to U+00FF
      bytes += static_cast<char>((lead & 0x03U) << 6 |
                                 (static_cast<unsigned char>(text.text[++i]) & 0x3FU));
    } else {
      return false;
    }
  }
  push_bytes(keep(std::move(bytes)));
  return true;
}

PickleMachine::Index PickleMachine::top() const {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
    cursor_.refuse("takes a value where there is none", "one before it");
  }
  return stack_.back();
}

PickleMachine::Index PickleMachine::pop() {
  const Index value = top();
  stack_.pop_back();
  return value;
}

std::vector<PickleMachine::Index> PickleMachine::pop_some(std::size_t count) {
  std::vector<Index> values(count);
  while (count > 0) values[--count] = pop();
  return values;
}

std::vector<PickleMachine::Index> PickleMachine::pop_to_mark() {
  if (marks_.empty()) cursor_.refuse("ends a group", "a mark where it begins");
  const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<Index> values(from, stack_.end());
  stack_.erase(from, stack_.end());
  marks_.pop_back();
  return values;
}

void PickleMachine::append(const std::vector<Index>& items) {
  PickleNode& to = node(top());
  const bool takes = to.kind == Kind::kList || to.kind == Kind::kSet || to.kind == Kind::kObject;
  if (!takes || to.pairs) cursor_.refuse("appends to what is no list", "a list, set or object");
  to.items.insert(to.items.end(), items.begin(), items.end());
}

void PickleMachine::set(const std::vector<Index>& items) {
  PickleNode& to = node(top());
  if (items.size() % 2 != 0) cursor_.refuse("sets a key without a value", "keys with values");
  const bool takes = to.kind == Kind::kDict || (to.kind == Kind::kObject && to.items.empty());
  if (!takes && !to.pairs) cursor_.refuse("sets keys in what is no dict", "a dict or object");
  if (!items.empty()) to.pairs = true;
  to.items.insert(to.items.end(), items.begin(), items.end());
}

void PickleMachine::build() {
  const Index state = pop();
  node(top()).state = state;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Reads JSON with simdjson; a handle is a position on its tape, so no tree is built.
#include "ascribo/base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/large_memory.h"
#include "ascribo/base/repeat_search.h"

namespace ascribo {

namespace dom = simdjson::dom;

struct Json::Document {
  dom::document tape;
  std::string where;
};

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxDepth = 1024;
constexpr std::size_t kMostNoted = 0xFFFFFF;  // simdjson's tape has 24 bits for a size

template <class Handle>
dom::element element_of(const Handle& handle) {
  static_assert(sizeof(Handle) == sizeof(dom::element));
  return std::bit_cast<dom::element>(handle);
}

std::string reason(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY: return "it is empty";
    case simdjson::UTF8_ERROR: return "it is not valid UTF-8";
    case simdjson::DEPTH_ERROR:
      return "it is nested more than " + std::to_string(kMaxDepth) + " deep";
    case simdjson::UNCLOSED_STRING: return "a string has no closing quote";
    case simdjson::UNESCAPED_CHARS: return "a string holds a bare control character";
    case simdjson::STRING_ERROR: return "a string holds a wrong escape";
    case simdjson::NUMBER_ERROR: return "a number is malformed";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return "it is too large";
    default: return "a bracket, comma or colon is missing or misplaced";
  }
}

[[noreturn]] void fail_document(const std::string& where, const std::string& why) {
  fail(Code::kBadFile, where, "this cannot be read as JSON: " + why, "expected one JSON document");
}

bool fits_64_bits(const char* begin, const char* end) {
  std::int64_t with_sign = 0;
  std::uint64_t without_sign = 0;
  return std::from_chars(begin, end, with_sign).ec == std::errc() ||
         std::from_chars(begin, end, without_sign).ec == std::errc();
}

/// Rewrites integers that need more than 64 bits (tokenizer files hold 10^30 for "no limit") as
/// floating-point numbers of the same length. Returns whether there were any.
bool soften_long_integers(char* text, std::size_t size) {
  const char* const end = text + size;
  const auto in_number = [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  };
  bool found = false;
  bool in_string = false;
  for (char* at = text; at < end; ++at) {
    if (in_string) {
      if (*at == '\\')
        ++at;
      else if (*at == '"')
        in_string = false;
    } else if (*at == '"') {
      in_string = true;
    } else if ((*at >= '0' && *at <= '9') || *at == '-') {
      char* stop = std::find_if_not(at, text + size, in_number);
      const bool whole = std::all_of(at + 1, stop, [](char c) { return c >= '0' && c <= '9'; });
      if (whole && stop - at > 19 && !fits_64_bits(at, stop)) {
        stop[-2] = 'e';  // the last two of twenty or more digits become a power of ten
        stop[-1] = '2';
        found = true;
      }
      at = stop - 1;
    }
  }
  return found;
}

/// Finds a key that an object holds twice, anywhere in the document.
class DuplicateSearch {
 public:
  /// The key, or nullptr-backed empty view when every key is unique.
  bool find(const dom::element& element) {
    if (element.is_array()) {
      for (const dom::element child : dom::array(element)) {
        if ((child.is_array() || child.is_object()) && find(child)) return true;
      }
      return false;
    }
    if (!element.is_object()) return false;
    const dom::object object(element);
    if (repeats(object)) return true;
    for (const auto field : object) {
      if ((field.value.is_array() || field.value.is_object()) && find(field.value)) return true;
    }
    return false;
  }

  std::string_view key() const { return key_; }

 private:
  bool repeats(const dom::object& object) {
    keys_.clear();
    for (const auto field : object) keys_.push_back(field.key);
    const auto repeated = search_.find(keys_);
    key_ = repeated.value_or(key_);
    return repeated.has_value();
  }

  std::vector<std::string_view> keys_;
  RepeatSearch search_;
  std::string_view key_;
};

/// The text of a document, with the room behind it that simdjson may read.
struct PaddedText {
  explicit PaddedText(std::string_view text)
      : size(text.size()), bytes(new char[size + simdjson::SIMDJSON_PADDING]) {
    prefer_large_pages(bytes.get(), size);
    std::copy(text.begin(), text.end(), bytes.get());
    std::fill_n(bytes.get() + size, simdjson::SIMDJSON_PADDING, '\0');
  }
  std::size_t size;
  std::unique_ptr<char[]> bytes;
};

/// Makes room for a large document, a vocabulary that is, so that it is filled fast.
void make_room(dom::parser& parser, dom::document& tape, std::size_t size) {
  constexpr std::size_t kLarge = std::size_t{4} << 20;
  if (size < kLarge || parser.allocate(size, kMaxDepth) != simdjson::SUCCESS ||
      tape.allocate(size) != simdjson::SUCCESS) {
    return;
  }
  // About as much as vocabularies fill: a word of the tape and an index for every few bytes.
  prefer_large_pages(tape.tape.get(), size * 2);
  prefer_large_pages(tape.string_buf.get(), size);
  prefer_large_pages(parser.implementation->structural_indexes.get(), size);
}

std::string_view kind_name(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::kNull: return "null";
    case Json::Kind::kBool: return "true or false";
    case Json::Kind::kInteger: return "an integer";
    case Json::Kind::kNumber: return "a number";
    case Json::Kind::kString: return "a string";
    case Json::Kind::kArray: return "an array";
    case Json::Kind::kObject: return "an object";
  }
  return "null";
}

std::string place(std::string_view key) {
  return key.empty() ? std::string("the document") : "\"" + std::string(key) + "\"";
}

[[noreturn]] void fail_kind(const std::string& where, std::string_view key, Json::Kind given,
                            std::string_view expected) {
  fail(Code::kBadFile, where, place(key) + " holds " + std::string(kind_name(given)),
       "expected " + std::string(expected));
}

}  // namespace

Json::Json(std::shared_ptr<const Document> document, Handle handle, std::string_view key)
    : document_(std::move(document)), handle_(handle), key_(key) {}

Json Json::parse(std::string_view text, const std::string& where) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto document = std::make_shared<Document>();
  document->where = where;
  const PaddedText padded(text);
  dom::parser parser;
  make_room(parser, document->tape, padded.size);
  const auto parse = [&] {
    return parser.parse_into_document(document->tape, padded.bytes.get(), padded.size, false);
  };
  auto root = parse();
  if (root.error() != simdjson::SUCCESS && soften_long_integers(padded.bytes.get(), padded.size)) {
    root = parse();
  }
  if (root.error() != simdjson::SUCCESS) fail_document(where, reason(root.error()));
  const dom::element element = root.value_unsafe();
  DuplicateSearch search;
  if (search.find(element)) {
    fail(Code::kBadFile, where, "the key \"" + std::string(search.key()) + "\" occurs twice",
         "expected every key of an object once");
  }
  return Json(std::move(document), std::bit_cast<Handle>(element), {});
}

Json::Kind Json::kind() const {
  switch (element_of(handle_).type()) {
    case dom::element_type::NULL_VALUE: return Kind::kNull;
    case dom::element_type::BOOL: return Kind::kBool;
    case dom::element_type::INT64:
    case dom::element_type::UINT64: return Kind::kInteger;
    case dom::element_type::DOUBLE: return Kind::kNumber;
    case dom::element_type::STRING: return Kind::kString;
    case dom::element_type::ARRAY: return Kind::kArray;
    case dom::element_type::OBJECT: return Kind::kObject;
  }
  return Kind::kNull;
}

std::string_view Json::string() const {
  std::string_view value;
  if (element_of(handle_).get(value) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "a string");
  }
  return value;
}

bool Json::boolean() const {
  bool value = false;
  if (element_of(handle_).get(value) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "true or false");
  }
  return value;
}

std::int64_t Json::integer() const {
  const dom::element element = element_of(handle_);
  std::int64_t value = 0;
  if (element.get(value) == simdjson::SUCCESS) return value;
  double real = 0;
  if (element.get(real) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an integer");
  }
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (real < -kLimit || real >= kLimit || std::trunc(real) != real) {
    fail(Code::kBadFile, document_->where, place(key_) + " holds " + dump(),
         "expected an integer of 64 bits");
  }
  return static_cast<std::int64_t>(real);
}

double Json::number() const {
  double value = 0;
  if (element_of(handle_).get(value) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "a number");
  }
  return value;
}

std::size_t Json::size() const {
  const dom::element element = element_of(handle_);
  const bool array = element.is_array();
  const std::size_t noted = array ? dom::array(element).size() : dom::object(element).size();
  if (noted < kMostNoted) return noted;
  std::size_t count = 0;
  if (array) {
    elements([&](const Json&) { ++count; });
  } else {
    members([&](std::string_view, const Json&) { ++count; });
  }
  return count;
}

std::optional<Json> Json::find(std::string_view key) const {
  dom::object object;
  if (element_of(handle_).get(object) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an object");
  }
  for (auto field = object.begin(); field != object.end(); ++field) {
    if (!field.key_equals(key)) continue;
    if (field.value().is_null()) return std::nullopt;
    return Json(document_, std::bit_cast<Handle>(field.value()), field.key());
  }
  return std::nullopt;
}

Json Json::at(std::string_view key) const {
  dom::object object;
  if (element_of(handle_).get(object) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an object");
  }
  for (auto field = object.begin(); field != object.end(); ++field) {
    if (field.key_equals(key)) {
      return Json(document_, std::bit_cast<Handle>(field.value()), field.key());
    }
  }
  fail(Code::kBadFile, document_->where, place(key_) + " has no \"" + std::string(key) + "\"",
       "expected that key");
}

Json Json::at(std::size_t index) const {
  dom::array array;
  if (element_of(handle_).get(array) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an array");
  }
  std::size_t at = 0;
  for (const dom::element element : array) {
    if (at++ == index) return Json(document_, std::bit_cast<Handle>(element), key_);
  }
  fail(Code::kBadFile, document_->where,
       place(key_) + " holds an array of " + std::to_string(at) + " elements",
       "expected at least " + std::to_string(index + 1));
}

// One handle serves for all children: copying it for each would cost an atomic increment each.
void Json::members(
    const std::function<void(std::string_view key, const Json& value)>& visit) const {
  dom::object object;
  if (element_of(handle_).get(object) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an object");
  }
  Json child = *this;
  for (const auto field : object) {
    child.handle_ = std::bit_cast<Handle>(field.value);
    child.key_ = field.key;
    visit(field.key, child);
  }
}

void Json::elements(const std::function<void(const Json& value)>& visit) const {
  dom::array array;
  if (element_of(handle_).get(array) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an array");
  }
  Json child = *this;
  for (const dom::element element : array) {
    child.handle_ = std::bit_cast<Handle>(element);
    visit(child);
  }
}

void Json::pairs(const std::function<void(const Json& first, const Json& second)>& visit,
                 const std::function<void(const Json& other)>& visit_other) const {
  dom::array array;
  if (element_of(handle_).get(array) != simdjson::SUCCESS) {
    fail_kind(document_->where, key_, kind(), "an array");
  }
  Json first = *this;
  Json second = *this;
  for (const dom::element element : array) {
    if (!element.is_array() || dom::array(element).size() != 2) {
      first.handle_ = std::bit_cast<Handle>(element);
      visit_other(first);
      continue;
    }
    auto part = dom::array(element).begin();
    first.handle_ = std::bit_cast<Handle>(*part);
    second.handle_ = std::bit_cast<Handle>(*++part);
    visit(first, second);
  }
}

std::string Json::dump() const { return simdjson::minify(element_of(handle_)); }

std::int64_t Json::integer_or(std::string_view key, std::int64_t fallback) const {
  const auto member = find(key);
  return member ? member->integer() : fallback;
}

double Json::number_or(std::string_view key, double fallback) const {
  const auto member = find(key);
  return member ? member->number() : fallback;
}

bool Json::boolean_or(std::string_view key, bool fallback) const {
  const auto member = find(key);
  return member ? member->boolean() : fallback;
}

std::string Json::string_or(std::string_view key, std::string_view fallback) const {
  const auto member = find(key);
  return std::string(member ? member->string() : fallback);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Reads JSON: a parsed document seen through cheap handles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ascribo {

/// A value inside a parsed JSON document. Handles share the document and may be copied freely;
/// string_views stay valid while any handle of the document lives. Const methods may be called
/// concurrently. Asking for the wrong kind throws Error(kBadFile) naming the document and the key
/// under which this value was found.
class Json {
 public:
  enum class Kind { kNull, kBool, kInteger, kNumber, kString, kArray, kObject };

  /// Parses UTF-8 text. `where` names it in errors, e.g. "config.json".
  static Json parse(std::string_view text, const std::string& where);

  Kind kind() const;
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_object() const { return kind() == Kind::kObject; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_string() const { return kind() == Kind::kString; }
  /// True for integers and for numbers with a fraction.
  bool is_number() const { return kind() == Kind::kInteger || kind() == Kind::kNumber; }

  std::string_view string() const;
  bool boolean() const;
  std::int64_t integer() const;  ///< accepts 2.0 as 2
  double number() const;
  std::size_t size() const;  ///< of an array or object

  /// The member of an object; empty when absent (or when its value is null).
  std::optional<Json> find(std::string_view key) const;
  /// The member of an object; throws when absent.
  Json at(std::string_view key) const;
  /// The element of an array; throws when out of range. Linear time: iterate with elements().
  Json at(std::size_t index) const;

  void members(const std::function<void(std::string_view key, const Json& value)>& visit) const;
  void elements(const std::function<void(const Json& value)>& visit) const;
  /// The elements of an array that are arrays of two, in pairs, and the others as they are. The
  /// long lists of a tokenizer's file are of this kind.
  void pairs(const std::function<void(const Json& first, const Json& second)>& visit,
             const std::function<void(const Json& other)>& visit_other) const;

  /// The document's text of this value, minified.
  std::string dump() const;

  // Shorthands: the member if it is there and not null, else the fallback.
  std::int64_t integer_or(std::string_view key, std::int64_t fallback) const;
  double number_or(std::string_view key, double fallback) const;
  bool boolean_or(std::string_view key, bool fallback) const;
  std::string string_or(std::string_view key, std::string_view fallback) const;

 private:
  struct Document;
  struct Handle {  // room for simdjson's element, kept out of this header
    const void* document;
    std::size_t index;
  };
  Json(std::shared_ptr<const Document> document, Handle handle, std::string_view key);
  std::shared_ptr<const Document> document_;
  Handle handle_;
  std::string_view key_;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Writes JSON piece by piece; floats in the shortest form that reads back to the same float.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ascribo {

/// Builds one JSON value. Keys keep the order in which they were written; invalid UTF-8 becomes
/// U+FFFD; a NaN or infinite number becomes null. Not safe for concurrent use.
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(JsonWriter&&) noexcept;
  JsonWriter& operator=(JsonWriter&&) noexcept;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(float number);
  JsonWriter& value(double number);  ///< written with the digits of a double
  JsonWriter& null();
  /// A value that is JSON text already. Errors: kBadFile where it is not.
  JsonWriter& json(std::string_view text);

  /// The finished value: one line when indent < 0, else pretty-printed.
  std::string str(int indent = -1) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The fields of a protobuf message, one after another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ascribo {

// The protobuf library would be a heavy thing to ask of every machine for the sake of some ten
// fields that have not changed since they were published.

/// Walks through a message. Views point into its bytes.
class ProtobufFields {
 public:
  /// `where` names the file in errors, which are all kBadFile.
  ProtobufFields(std::string_view bytes, std::string_view where) : rest_(bytes), where_(where) {}

  /// Goes on to the next field; false at the end.
  bool next();

  std::uint64_t number() const { return number_; }

  // The value of the present field, which must be of that kind.
  std::uint64_t varint() const;
  float float_number() const;
  std::string_view bytes() const;

 private:
  enum Kind { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
  std::uint64_t read_varint();
  std::string_view take(std::uint64_t count);
  void require(int kind) const;
  [[noreturn]] void fail_file(const std::string& given) const;

  std::string_view rest_;
  std::string_view where_;
  std::uint64_t number_ = 0, varint_ = 0;
  int kind_ = kVarint;
  std::string_view bytes_;  // of a field that is no varint
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Reads the wire format of protobuf.
#include "ascribo/text/sentencepiece/protobuf_fields.h"

#include <bit>

#include "ascribo/base/error.h"

namespace ascribo {

bool ProtobufFields::next() {
  if (rest_.empty()) return false;
  const std::uint64_t tag = read_varint();
  number_ = tag >> 3;
  kind_ = static_cast<int>(tag & 7);
  switch (kind_) {
    case kVarint: varint_ = read_varint(); break;
    case kFixed64: bytes_ = take(8); break;
    case kBytes: bytes_ = take(read_varint()); break;
    case kFixed32: bytes_ = take(4); break;
    default: fail_file("a field has the unknown kind " + std::to_string(kind_));
  }
  return true;
}

std::uint64_t ProtobufFields::varint() const {
  require(kVarint);
  return varint_;
}

float ProtobufFields::float_number() const {
  require(kFixed32);
  std::uint32_t bits = 0;
  for (int i = 3; i >= 0; --i) {
    bits = bits << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(i)]);
  }
  return std::bit_cast<float>(bits);
}

std::string_view ProtobufFields::bytes() const {
  require(kBytes);
  return bytes_;
}

std::uint64_t ProtobufFields::read_varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1).front());
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  fail_file("a number does not end");
}

std::string_view ProtobufFields::take(std::uint64_t count) {
  if (count > rest_.size()) fail_file("it is cut off");
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

void ProtobufFields::require(int kind) const {
  if (kind_ != kind) {
    fail_file("field " + std::to_string(number_) + " is of kind " + std::to_string(kind_) +
              " instead of " + std::to_string(kind));
  }
}

void ProtobufFields::fail_file(const std::string& given) const {
  fail(Code::kBadFile, where_, "this is no sentencepiece model: " + given,
       "expected the file as sentencepiece has written it");
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Reads a pickle's bytes in order; nothing is taken that is not there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ascribo/base/error.h"

namespace ascribo {

class PickleCursor {
 public:
  PickleCursor(std::span<const std::byte> bytes, const std::string& where)
      : bytes_(bytes), where_(&where) {}

  std::size_t position() const { return position_; }

  std::span<const std::byte> take(std::uint64_t count) {
    if (count > bytes_.size() - position_) {
      fail(Code::kBadFile, *where_,
           "the pickle asks for " + std::to_string(count) + " bytes at byte " +
               std::to_string(position_),
           "only " + std::to_string(bytes_.size() - position_) + " are left",
           "the file may be cut short; fetch it again");
    }
    const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += static_cast<std::size_t>(count);
    return taken;
  }

  std::string_view text(std::uint64_t count) {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  /// An unsigned number of `count` bytes, little-endian.
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (const std::byte each : take(count)) {
      value |= std::to_integer<std::uint64_t>(each) << shift;
      shift += 8;
    }
    return value;
  }

  /// Up to the next line feed, which is skipped.
  std::string_view line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + position_,
                                bytes_.size() - position_);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      refuse("has no end of the line that begins", "a line feed");
    }
    position_ += end + 1;
    return rest.substr(0, end);
  }

  /// "the pickle GIVEN at byte N; expected EXPECTED".
  [[noreturn]] void refuse(const std::string& given, const std::string& expected) const {
    fail(Code::kBadFile, *where_, "the pickle " + given + " at byte " + std::to_string(position_),
         "expected " + expected);
  }

 private:
  std::span<const std::byte> bytes_;
  const std::string* where_;
  std::size_t position_ = 0;
};

}  // namespace ascribo

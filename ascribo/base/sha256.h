// SPDX-License-Identifier: MIT
// SHA-256, fed piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ascribo {

/// Not safe for concurrent use.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(std::span<const std::byte> bytes);
  Sha256& update(std::string_view text) { return update(std::as_bytes(std::span(text))); }

  /// The digest of everything so far in 64 lower-case hex digits; then the object starts anew.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Binary data written as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ascribo {

/// The bytes behind standard base64 with padding; empty when the text is not that.
std::optional<std::string> decode_base64(std::string_view text);

std::string encode_base64(std::string_view bytes);

}  // namespace ascribo

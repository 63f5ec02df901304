// SPDX-License-Identifier: MIT
// JSON written by hand, for vocabularies that a tree in memory would make slow.
#pragma once

#include <string>
#include <string_view>

namespace ascribo {

/// The text as a JSON string, in quotes.
std::string json_text(std::string_view text);

}  // namespace ascribo

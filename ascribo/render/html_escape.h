// SPDX-License-Identifier: MIT
// Makes any text safe inside an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace ascribo {

/// For element content and quoted attributes: made visible (see visible(); newlines stay), then
/// the five characters that mean something to HTML are written as references.
std::string escape_html(std::string_view text);

/// For JSON inside a script element: the same value, without any character that could end the
/// element, open a comment or break a line of JavaScript.
std::string escape_script_json(std::string_view json);

/// The hash by which a content security policy allows an inline script or style.
std::string policy_hash(std::string_view content);

}  // namespace ascribo

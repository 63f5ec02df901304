// SPDX-License-Identifier: MIT
// What the pre-tokenizer and the decoder Metaspace have in common.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "ascribo/base/json.h"
#include "ascribo/base/options.h"

namespace ascribo {

/// Whether a text that does not begin with a space is taken as if it did.
enum class PrependScheme { kAlways, kNever, kFirst };

template <>
struct EnumNames<PrependScheme> {
  static constexpr std::array<std::string_view, 3> kNames = {"always", "never", "first"};
};

struct MetaspaceOptions {
  char32_t replacement = U'\u2581';  ///< stands for a space
  PrependScheme prepend = PrependScheme::kAlways;
  bool split = true;
};

/// Reads the present form and the older one with add_prefix_space. Errors: kBadFile.
MetaspaceOptions read_metaspace(const Json& description, std::string_view where);

/// For describe(), e.g. "Metaspace (\u2581, prepend always)".
std::string describe_metaspace(const MetaspaceOptions& options);

}  // namespace ascribo

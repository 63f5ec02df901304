// SPDX-License-Identifier: MIT
// Reads what a Metaspace stage is set to.
#include "ascribo/text/pre_tokenizers/metaspace_options.h"

#include <algorithm>
#include <iterator>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"

namespace ascribo {

MetaspaceOptions read_metaspace(const Json& description, std::string_view where) {
  MetaspaceOptions options;
  const std::string_view replacement = description.at("replacement").string();
  if (count_code_points(replacement) != 1) {
    fail(Code::kBadFile, where,
         "the replacement of Metaspace is \"" + std::string(replacement) + "\"",
         "expected one character");
  }
  options.replacement = decode_utf8(replacement).front().value;
  options.split = description.boolean_or("split", true);
  const auto scheme = description.find("prepend_scheme");
  const bool no_prefix = !description.boolean_or("add_prefix_space", true);
  if (!scheme) {
    if (no_prefix) options.prepend = PrependScheme::kNever;
    return options;
  }
  const auto& names = EnumNames<PrependScheme>::kNames;
  const auto found = std::find(names.begin(), names.end(), scheme->string());
  if (found == names.end()) {
    fail(Code::kBadFile, where,
         "the prepend_scheme of Metaspace is \"" + std::string(scheme->string()) + "\"",
         "expected always, never or first");
  }
  options.prepend = static_cast<PrependScheme>(std::distance(names.begin(), found));
  if (no_prefix && options.prepend != PrependScheme::kNever) {
    fail(Code::kBadFile, where,
         "Metaspace has add_prefix_space false and prepend_scheme \"" + std::string(*found) + "\"",
         "expected them to agree");
  }
  return options;
}

std::string describe_metaspace(const MetaspaceOptions& options) {
  std::string text = "Metaspace (";
  append_utf8(text, options.replacement);
  text += ", prepend " + std::string(enum_name(options.prepend));
  return text + (options.split ? ")" : ", no split)");
}

}  // namespace ascribo

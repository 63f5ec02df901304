// SPDX-License-Identifier: MIT
// What the tokenizer files of a checkpoint folder say, brought to one form.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/text/added_tokens.h"

namespace ascribo {

struct TokenizerFiles {
  Json description;   ///< tokenizer.json, or the one that the folder's older files stand for
  std::string where;  ///< the file that errors name
  std::vector<AddedToken> added;  ///< of the description, in order
  /// The token of each role ("pad_token", ...) that tokenizer_config.json or
  /// special_tokens_map.json names.
  std::map<std::string, std::string, std::less<>> roles;
  /// Tokens that those files name, but the description does not have among its added ones. They
  /// become added tokens where the vocabulary has them.
  std::vector<AddedToken> named;
};

/// Errors: kNotFound when the folder has no tokenizer files; kBadFile.
TokenizerFiles read_tokenizer_files(const std::filesystem::path& folder);

}  // namespace ascribo

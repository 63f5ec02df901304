// SPDX-License-Identifier: MIT
// The tokenizer.json that a BERT vocab.txt stands for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ascribo/base/json.h"

namespace ascribo {

/// What a vocab.txt leaves to tokenizer_config.json, with the published defaults.
struct VocabTxtOptions {
  bool lowercase = true;
  bool handle_chinese_chars = true;
  std::optional<bool> strip_accents;  ///< unset: as lowercase
  std::string unk = "[UNK]", cls = "[CLS]", sep = "[SEP]";
};

/// Makes the pipeline of BERT around the pieces, one to a line, numbered from 0. Errors: kBadFile,
/// naming `where`, when a special token is missing or the file is not UTF-8.
Json tokenizer_of_vocab_txt(std::string_view lines, const VocabTxtOptions& options,
                            const std::string& where);

}  // namespace ascribo

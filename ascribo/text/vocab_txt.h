// SPDX-License-Identifier: MIT
// The tokenizer.json that a BERT vocab.txt stands for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/json.h"

namespace ascribo {

/// What a vocab.txt leaves to tokenizer_config.json, with the published defaults.
struct VocabTxtOptions {
  bool lowercase = true;
  bool handle_chinese_chars = true;
  std::optional<bool> strip_accents;  ///< unset: as lowercase
  std::string unk = "[UNK]", cls = "[CLS]", sep = "[SEP]";
};

/// Makes the pipeline of BERT around the pieces, one to a line, numbered from 0; of a piece that
/// comes twice the last number holds. Errors: kBadFile, naming `where`, when a special token is
/// missing.
Json tokenizer_of_vocab_txt(const std::vector<std::string>& lines, const VocabTxtOptions& options,
                            const std::string& where);

}  // namespace ascribo

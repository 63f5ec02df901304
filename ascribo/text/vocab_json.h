// SPDX-License-Identifier: MIT
// The tokenizer.json that vocab.json and merges.txt stand for in each family of checkpoints.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/base/options.h"
#include "ascribo/text/sentencepiece/sentencepiece_family.h"

namespace ascribo {

/// Each family cuts and surrounds texts in its own way, of which the two files say nothing.
enum class BytePairFamily { kRoberta, kGpt2, kQwen2 };

template <>
struct EnumNames<BytePairFamily> {
  static constexpr std::array<std::string_view, 3> kNames = {"Roberta", "GPT2", "Qwen2"};
};

/// The family of a tokenizer_class such as "RobertaTokenizerFast", or else of a model_type such as
/// "roberta"; either may be empty.
std::optional<BytePairFamily> find_byte_pair_family(std::string_view tokenizer_class,
                                                    std::string_view model_type);

/// The special tokens of a family by role, where no file names others.
std::vector<UsualToken> usual_tokens(BytePairFamily family);

/// What the files leave to tokenizer_config.json, with the published defaults.
struct VocabJsonOptions {
  BytePairFamily family = BytePairFamily::kRoberta;
  bool add_prefix_space = false;
  bool trim_offsets = true;  ///< RoBERTa
  bool add_bos = false;      ///< GPT-2
  std::string bos, cls, sep;
};

/// Makes the family's pipeline around a vocabulary and the lines of merges.txt. Errors: kBadFile,
/// naming `where`, when a token of the template is missing.
Json tokenizer_of_vocab_json(const Json& vocab, const std::vector<std::string>& merges,
                             const VocabJsonOptions& options, const std::string& where);

}  // namespace ascribo

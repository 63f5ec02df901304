// SPDX-License-Identifier: MIT
// The families of checkpoints that come with a sentencepiece model.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

/// Each family numbers the pieces, normalises and surrounds texts in its own way, of which the
/// model says nothing.
enum class SentencepieceFamily { kXlmRoberta, kCamembert, kAlbert, kDebertaV2, kT5, kLlama };

template <>
struct EnumNames<SentencepieceFamily> {
  static constexpr std::array<std::string_view, 6> kNames = {"XLMRoberta", "Camembert", "Albert",
                                                             "DebertaV2",  "T5",        "Llama"};
};

/// The family of a tokenizer_class such as "AlbertTokenizerFast", or else of a model_type such as
/// "albert"; either may be empty.
std::optional<SentencepieceFamily> find_family(std::string_view tokenizer_class,
                                               std::string_view model_type);

/// What a model leaves to tokenizer_config.json, with the published defaults.
struct SentencepieceOptions {
  SentencepieceFamily family = SentencepieceFamily::kXlmRoberta;
  bool lowercase = false;       ///< DeBERTa-v2; ALBERT lowers unless told otherwise
  bool keep_accents = false;    ///< ALBERT
  bool split_by_punct = false;  ///< DeBERTa-v2
  bool add_prefix_space = true;
  bool legacy = true;            ///< T5, Llama: whether text after an added token gets a space, too
  std::int64_t extra_ids = 100;  ///< T5
  bool add_bos = true, add_eos = false;  ///< Llama
  std::string bos, eos, cls, sep;
};

/// The special tokens of a family by role, where no file names others; those with lstrip take the
/// white space before them.
struct UsualToken {
  const char* role;
  const char* content;
  bool lstrip = false;
};
std::vector<UsualToken> usual_tokens(SentencepieceFamily family);

}  // namespace ascribo

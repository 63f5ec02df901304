// SPDX-License-Identifier: MIT
// Text to ids, exactly as the checkpoint's own tokenizer files describe it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/text/encoding.h"

namespace ascribo {

/// The ids of the tokens with a role, where the files name them.
struct SpecialTokens {
  std::optional<std::int64_t> pad, mask, unk, cls, sep, bos, eos;
};

/// Immutable after open(); const methods may be called concurrently.
class Tokenizer {
 public:
  /// Reads tokenizer.json, or where there is none a sentencepiece model or vocab.txt, and
  /// tokenizer_config.json beside it. A file that Flair saved may stand for the folder.
  /// Errors: kNotFound, kBadFile, kUnsupported (a stage type that is not known, by name).
  static std::unique_ptr<Tokenizer> open(const std::filesystem::path& folder);
  ~Tokenizer();

  /// UTF-8 text (and pair) with the template's special tokens around. Stored truncation and
  /// padding are ignored. Errors: kBadText for invalid UTF-8, saying where. Empty text is fine.
  Encoding encode(std::string_view text, std::optional<std::string_view> pair = {},
                  bool add_special_tokens = true) const;

  /// Ids back to text as the decoder stage says. Ids that no token has are left out: models often
  /// have more rows than their tokenizer has tokens.
  std::string decode(const std::vector<std::int64_t>& ids, bool skip_special_tokens = true) const;

  std::int64_t vocabulary_size() const;      ///< added tokens included
  std::string token(std::int64_t id) const;  ///< "" when there is no such id
  std::optional<std::int64_t> find_token(std::string_view token) const;
  bool is_special(std::int64_t id) const;  ///< an added token marked special
  const SpecialTokens& special_tokens() const;

  /// Tokens the template adds around a text (pair = false) or a text and its pair.
  std::int64_t template_size(bool pair) const;

  /// One line per stage, e.g. "normalizer: BertNormalizer (lowercase, strip_accents)".
  std::vector<std::string> stages() const;

 private:
  struct State;
  explicit Tokenizer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ascribo

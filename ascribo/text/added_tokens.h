// SPDX-License-Identifier: MIT
// Tokens beside the vocabulary: found in the text before it is cut, and never cut themselves.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/text/split.h"
#include "ascribo/text/stage.h"

namespace ascribo {

struct AddedToken {
  std::string content;
  bool special = false;      ///< left out when decoding
  bool single_word = false;  ///< only where no word character touches it
  bool lstrip = false;       ///< takes the white space before it
  bool rstrip = false;       ///< takes the white space after it
  bool normalized = true;    ///< looked for in the normalised text, in its normalised form
};

/// Const methods may be called concurrently.
class AddedTokens {
 public:
  AddedTokens() = default;
  /// Gives each token its id: the vocabulary's where it is a piece, else the next free one after
  /// the vocabulary, in the order of the list. The normalizer may be null.
  AddedTokens(const std::vector<AddedToken>& tokens, const Vocabulary& vocabulary,
              const Normalizer* normalizer);

  /// Cuts a text as given into added tokens and what is between them, which comes out normalised.
  std::vector<Split> extract(const NormalizedText& text, const Normalizer* normalizer) const;

  std::optional<std::int64_t> find(std::string_view content) const;
  const AddedToken* token(std::int64_t id) const;  ///< null when there is none
  /// What a decoder gets for a token: its content, normalised if it is looked for that way.
  std::optional<std::string_view> decoded(std::int64_t id) const;
  std::int64_t beyond_vocabulary() const { return beyond_; }  ///< how many are no piece
  std::size_t size() const { return by_content_.size(); }

 private:
  struct Pattern {
    std::u32string code_points;
    std::int64_t id = 0;
  };
  /// Patterns by the low byte of their first code point; longest first in each list.
  struct Patterns {
    std::array<std::vector<Pattern>, 256> lists;
    bool any = false;
  };
  static void add(Patterns& patterns, const NormalizedText& content, std::int64_t id);
  static const Pattern* match(const Patterns& patterns, const NormalizedText& text, std::size_t at);
  void cut(const Patterns& patterns, const NormalizedText& text, std::vector<Split>& parts) const;

  std::map<std::string, std::int64_t, std::less<>> by_content_;
  struct Known {
    AddedToken token;
    std::string decoded;
  };
  std::map<std::int64_t, Known> by_id_;
  Patterns raw_, normalized_;
  std::int64_t beyond_ = 0;
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The text of tokens as they are written, as far as it is certain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ascribo {

class Tokenizer;

/// Decodes token by token what follows a prompt. What a token stands for may depend on the tokens
/// before it, and a character may come in several tokens: its bytes are held back until they are
/// complete. Without a tokenizer, tokens are shown as #ID. Not safe for concurrent use.
class WrittenText {
 public:
  WrittenText(const Tokenizer* tokenizer, std::vector<std::int64_t> prompt);

  void add(std::int64_t token);
  /// Gives up waiting: incomplete bytes become U+FFFD.
  void end();
  const std::string& text() const { return text_; }

 private:
  std::string decoded(std::size_t from, std::size_t to) const;
  std::string news() const;
  void move_context();

  const Tokenizer* tokenizer_;
  std::vector<std::int64_t> ids_;
  std::size_t done_;                    // tokens before this one are in text_
  std::size_t context_ = 0;             // decoding begins here
  std::deque<std::size_t> boundaries_;  // after context_: where characters were complete
  std::string text_;
};

/// The earliest place where one of the stop strings begins.
struct StopPlace {
  std::size_t begin = 0;
  std::size_t which = 0;  ///< the stop string
};

/// Looks for stop strings that end after byte `from`.
std::optional<StopPlace> find_stop(const std::string& text, std::size_t from,
                                   const std::vector<std::string>& stops);

/// How much of the text is certain to stay: what might be the beginning of a stop string at its end
/// is not.
std::size_t certain_length(const std::string& text, const std::vector<std::string>& stops);

}  // namespace ascribo

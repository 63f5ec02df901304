// SPDX-License-Identifier: MIT
// One prompt and what has been written after it so far.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/explain/generate/decoding.h"
#include "ascribo/explain/generate/generation.h"
#include "ascribo/explain/generate/written_text.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"
#include "ascribo/models/batch.h"

namespace ascribo {

/// Chooses tokens and decides when nothing more is written. Random draws depend on the seed, the
/// prompt's ids and the number of the token, and on nothing else. Not safe for concurrent use.
class Draft {
 public:
  /// Errors: kBadText for an empty prompt, kTooLong, and those of encode().
  Draft(const Input& prompt, const Parts& parts, const Decoding& decoding);

  /// Tokens that the whole may come to.
  std::int64_t most() const;
  /// What the model has not read yet; its last token is asked about.
  Sequence unread() const;
  /// The model has read that: `past` holds it, or is null where the model keeps nothing.
  void has_read(std::shared_ptr<const Past> past) { past_ = std::move(past); }
  /// Chooses the next token from the scores of every word.
  void write(std::span<const double> logits);
  bool ended() const { return ended_; }
  /// Text that has become certain since the last call.
  std::string_view take_piece();
  /// Rows that ran for it, and its share of the time.
  void add_cost(std::int64_t rows, double seconds);
  Generation finish() &&;  ///< what came of it

 private:
  void end(StopReason reason, std::string by);
  bool find_stop_string();

  const Decoding& decoding_;
  const Tokenizer* tokenizer_;
  Generation result_;
  std::vector<std::int64_t> ids_;     // the prompt's and those written
  std::shared_ptr<const Past> past_;  // of tokens that have been read
  std::uint64_t key_ = 0;
  std::int64_t limit_ = 0;  // tokens that may be written
  bool cut_by_positions_ = false;
  WrittenText written_;
  std::size_t text_end_ = 0, searched_ = 0, taken_ = 0;  // bytes of the text
  bool ended_ = false;
};

}  // namespace ascribo

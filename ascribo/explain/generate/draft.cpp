// SPDX-License-Identifier: MIT
// Chooses token after token, and watches for what ends a text.
#include "ascribo/explain/generate/draft.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/inputs/encode.h"
#include "ascribo/explain/inputs/sequence.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

// The prompt's ids; in `summary` the text that they are shown as.
std::vector<std::int64_t> read_prompt(const Input& prompt, const Parts& parts,
                                      InputSummary& summary) {
  if (prompt.text.empty() && prompt.input_ids.empty()) {
    fail(Code::kBadText, "prompt", "the prompt is empty", "expected something to continue");
  }
  if (prompt.pair) {
    fail(Code::kInvalidArgument, "prompt", "a pair was given", "expected one text to continue");
  }
  if (prompt.continuation || !prompt.continuation_ids.empty()) {
    fail(Code::kInvalidArgument, "prompt", "a continuation was given with the prompt",
         "expected the prompt alone", "write both as one text to go on from there");
  }
  summary = {"", {}, prompt.id, prompt.label};
  Encoding encoding = encode(prompt, parts, summary.text);
  drop_end(prompt, encoding);
  const std::int64_t positions = parts.model.info().max_positions;
  if (static_cast<std::int64_t>(encoding.size()) > positions) {
    fail(Code::kTooLong, "prompt", "the prompt has " + std::to_string(encoding.size()) + " tokens",
         "expected at most the model's " + std::to_string(positions) + " positions");
  }
  if (encoding.size() == 0) {
    fail(Code::kBadText, "prompt", "the prompt has no tokens", "expected something to continue");
  }
  return encoding.ids;
}

// Before anything is written, and not for a whole batch.
void check_ids(const std::vector<std::int64_t>& ids, const ModelInfo& model) {
  for (const std::int64_t id : ids) {
    if (id >= 0 && id < model.vocab) continue;
    fail(Code::kInvalidArgument, "prompt", "there is no token id " + std::to_string(id),
         "expected 0 to " + std::to_string(model.vocab - 1) + ", the ids of this model");
  }
}

// The last token written is never read, and needs no position.
std::int64_t room_after(std::int64_t prompt, const ModelInfo& model) {
  return model.max_positions - prompt + 1;
}

std::int64_t limit_of(std::int64_t prompt, const ModelInfo& model, const Decoding& decoding,
                      std::vector<std::string>& notes) {
  const std::int64_t room = room_after(prompt, model);
  if (decoding.max_new_tokens) {
    if (*decoding.max_new_tokens <= room) return *decoding.max_new_tokens;
    fail(Code::kTooLong, "max_new_tokens",
         std::to_string(*decoding.max_new_tokens) + " after a prompt of " + std::to_string(prompt) +
             " tokens",
         "expected at most " + std::to_string(room) + ", for which the model's " +
             std::to_string(model.max_positions) + " positions suffice");
  }
  if (!decoding.max_length) return decoding.usual_new_tokens;
  if (*decoding.max_length > prompt) return *decoding.max_length - prompt;
  notes.push_back(
      "the prompt alone has max_length tokens, as generation_config.json limits them: " +
      std::to_string(decoding.usual_new_tokens) + " more are written at most");
  return decoding.usual_new_tokens;
}

}  // namespace

Draft::Draft(const Input& prompt, const Parts& parts, const Decoding& decoding)
    : decoding_(decoding),
      tokenizer_(parts.tokenizer),
      ids_(read_prompt(prompt, parts, result_.input)),
      written_(parts.tokenizer, ids_) {
  const ModelInfo& model = parts.model.info();
  const auto length = static_cast<std::int64_t>(ids_.size());
  check_ids(ids_, model);
  key_ = draw_key({.ids = ids_});
  result_.notes = decoding.notes;
  limit_ = limit_of(length, model, decoding, result_.notes);
  cut_by_positions_ = limit_ > room_after(length, model);
  if (cut_by_positions_) limit_ = room_after(length, model);
  result_.model = {model.path.string(), model.architecture, model.hash};
  result_.input_ids = ids_;
}

std::int64_t Draft::most() const {
  return static_cast<std::int64_t>(result_.input_ids.size()) + limit_;
}

Sequence Draft::unread() const {
  const std::int64_t read = past_ ? past_->size() : 0;
  Sequence sequence;
  sequence.ids.assign(ids_.begin() + read, ids_.end());
  sequence.positions.resize(sequence.ids.size());
  std::iota(sequence.positions.begin(), sequence.positions.end(), read);
  sequence.type_ids.assign(sequence.ids.size(), 0);
  sequence.reads = {sequence.size() - 1};
  sequence.past = past_;
  return sequence;
}

void Draft::write(std::span<const double> logits) {
  ASCRIBO_ASSERT(!ended_);
  Rng rng(decoding_.seed, {key_, static_cast<std::uint64_t>(Draw::kToken), result_.tokens.size()});
  const std::int64_t token = choose_token(logits, ids_, decoding_.rule, rng);
  std::string name = tokenizer_ == nullptr ? "" : tokenizer_->token(token);
  if (name.empty()) name = "#" + std::to_string(token);
  ids_.push_back(token);
  result_.tokens.push_back({token, name, log_probability(logits, token)});
  written_.add(token);
  const bool ends = std::find(decoding_.end_ids.begin(), decoding_.end_ids.end(), token) !=
                    decoding_.end_ids.end();
  const bool is_last = static_cast<std::int64_t>(result_.tokens.size()) == limit_;
  if (ends || is_last) written_.end();
  if (find_stop_string()) return;
  if (ends) return end(StopReason::kEndOfText, name);
  if (is_last) end(cut_by_positions_ ? StopReason::kPositions : StopReason::kMaxNewTokens, "");
}

bool Draft::find_stop_string() {
  const std::string& text = written_.text();
  const auto found = find_stop(text, searched_, decoding_.stop);
  searched_ = text.size();
  text_end_ = found ? found->begin : certain_length(text, decoding_.stop);
  if (found) end(StopReason::kStopString, decoding_.stop[found->which]);
  return found.has_value();
}

void Draft::end(StopReason reason, std::string by) {
  ended_ = true;
  past_.reset();
  if (reason != StopReason::kStopString) text_end_ = written_.text().size();
  result_.stopped = reason;
  result_.stopped_by = std::move(by);
}

std::string_view Draft::take_piece() {
  if (text_end_ <= taken_) return {};
  const std::string_view piece =
      std::string_view(written_.text()).substr(taken_, text_end_ - taken_);
  taken_ = text_end_;
  return piece;
}

void Draft::add_cost(std::int64_t rows, double seconds) {
  result_.cost.forward_tokens += rows;
  result_.cost.seconds += seconds;
}

Generation Draft::finish() && {
  result_.text = written_.text().substr(0, text_end_);
  result_.options = decoding_.options(limit_);
  result_.end_ids = decoding_.end_ids;
  result_.stop = decoding_.stop;
  if (result_.stopped == StopReason::kPositions) {
    result_.notes.push_back("stopped where the model has no more positions");
  }
  return std::move(result_);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// What a causal language model writes after a prompt, and how it is asked to.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/explanation.h"

namespace ascribo {

/// How to write. `options` holds generation_options() by name, as text; what is absent is as the
/// checkpoint's generation_config.json has it, or else has its default.
struct GenerationRequest {
  OptionValues options = {};
  /// Where one of these appears in what is written, it ends, and its text is cut before it. None:
  /// those of generation_config.json, if any.
  std::vector<std::string> stop = {};
};

/// max_new_tokens, sample, temperature, top_k, top_p, repetition_penalty, seed, ignore_eos,
/// batch_tokens.
std::vector<OptionInfo> generation_options();

/// Why nothing more was written.
enum class StopReason {
  kMaxNewTokens,  ///< as many tokens as were asked for
  kStopString,    ///< one of the stop strings appeared
  kEndOfText,     ///< the model wrote a token that ends a text
  kPositions,     ///< the model has no position for another token
};

template <>
struct EnumNames<StopReason> {
  static constexpr std::array<std::string_view, 4> kNames = {"max_new_tokens", "stop_string",
                                                             "end_of_text", "positions"};
};

/// A token as it was written.
struct WrittenToken {
  std::int64_t id = 0;
  std::string text;            ///< as the vocabulary has it
  double log_probability = 0;  ///< in the model's own distribution, before it is changed to sample
};

/// What was written after one prompt. docs/reference/generation.md shows the same as JSON.
struct Generation {
  ModelSummary model;
  InputSummary input;                   ///< the prompt
  std::vector<std::int64_t> input_ids;  ///< the prompt as the model saw it
  std::string text;                     ///< without special tokens, and cut before a stop string
  std::vector<WrittenToken> tokens;     ///< all of them, also those that ended it
  StopReason stopped = StopReason::kMaxNewTokens;
  std::string stopped_by;  ///< the stop string or the token that ended it; else empty
  std::vector<std::pair<std::string, OptionValue>> options;  ///< in use
  std::vector<std::int64_t> end_ids;                         ///< tokens that end a text
  std::vector<std::string> stop;                             ///< the stop strings
  Cost cost;
  std::vector<std::string> notes;

  std::vector<std::int64_t> ids() const;  ///< of the tokens
};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// How a checkpoint writes: what is asked for, and what its generation_config.json says otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/explain/generate/generation.h"
#include "ascribo/explain/generate/sampling.h"
#include "ascribo/explain/inputs/prepare.h"

namespace ascribo {

struct Decoding {
  /// Asked for with the request: then a prompt that leaves too few positions is refused.
  std::optional<std::int64_t> max_new_tokens = {};
  /// Else so many, or as many as make `max_length` together with the prompt.
  std::int64_t usual_new_tokens = 20;
  std::optional<std::int64_t> max_length = {};
  SamplingRule rule;
  std::uint64_t seed = 0;
  std::int64_t batch_tokens = 1024;
  std::vector<std::int64_t> end_ids = {};  ///< tokens that end a text
  std::vector<std::string> stop = {};
  std::vector<std::string> notes = {};

  /// As results report them; the number of new tokens is a result's own.
  std::vector<std::pair<std::string, OptionValue>> options(std::int64_t new_tokens) const;
};

/// The request wins over generation_config.json, which wins over config.json (for the tokens that
/// end a text) and over defaults. Errors: kInvalidArgument and kUnknownName for the request;
/// kUnsupported for a model that writes nothing; kBadCheckpoint for what the files say.
Decoding read_decoding(const GenerationRequest& request, const Parts& parts);

}  // namespace ascribo

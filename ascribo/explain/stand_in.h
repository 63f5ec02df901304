// SPDX-License-Identifier: MIT
// What is put in place of a token: baselines and occlusion share the names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ascribo/explain/scorer.h"

namespace ascribo {

struct StandIn {
  enum class Kind {
    kToken,  ///< another token, `id`
    kZero,   ///< a vector of zeros
    kOther,  ///< one of the names that only the caller knows
  };
  Kind kind = Kind::kToken;
  std::int64_t id = -1;
  std::string name;  ///< as asked for: "pad", "token:5"
  std::string note;  ///< what has to be said about it, or empty
};

/// Reads pad, mask, unk, zero, token:ID or one of `others` as the value of `option`. A model
/// without pad or mask token gets its end-of-text token (sep where there is none), which the note
/// says. Errors: kUnknownName with the nearest name; kInvalidArgument for an id outside the
/// vocabulary; kUnsupported for a token that the tokenizer does not name.
StandIn find_stand_in(std::string_view option, std::string_view name, const Scorer& scorer,
                      std::span<const std::string_view> others = {});

}  // namespace ascribo

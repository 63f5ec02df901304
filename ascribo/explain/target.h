// SPDX-License-Identifier: MIT
// What is explained: the forms in which a target is asked for, and what they come to.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/score.h"

namespace ascribo {

/// What `predicted` comes to where there is a continuation: its tokens one by one, its units, or
/// all of it. Several tokens together have the sum of their scores.
enum class TargetUnit { kToken, kUnit, kAll };

template <>
struct EnumNames<TargetUnit> {
  static constexpr std::array<std::string_view, 3> kNames = {"token", "unit", "all"};
};

/// A target as asked for, before the model has answered. Which kinds there are depends on the head.
struct TargetForm {
  enum class Kind {
    kPredicted,
    kAll,
    kOutput,        ///< LABEL, #INDEX or mask=WORD: an output, wherever it is asked about
    kToken,         ///< token:P, token:P=LABEL: an output at a token, or what is predicted there
    kStart,         ///< start:P
    kEnd,           ///< end:P
    kSpan,          ///< span:P-Q
    kWhole,         ///< output: all of a continuation
    kContinuation,  ///< to compare with: another continuation, see inputs/contrast.h
    kSum,           ///< W*TARGET+W*TARGET: see heads/target_sum.h
  };
  Kind kind = Kind::kPredicted;
  std::optional<std::int64_t> output = {};  ///< label or word
  std::int64_t token = 0, last = 0;         ///< P and Q, counted in the tokens of the input
  TargetUnit unit = TargetUnit::kToken;     ///< of kPredicted and kAll
  std::string text = {};                    ///< of kContinuation and kSum
  std::vector<double> weights = {};         ///< of kSum, one for each term
  std::vector<TargetForm> terms = {};
  /// What is asked of the answers that the form names, instead of their outputs.
  std::shared_ptr<const LogitFunction> function = {};
};

/// The targets of a request or of one input, read once.
struct TargetForms {
  std::vector<TargetForm> targets = {};
  std::optional<TargetForm> versus = {};
};

/// The index of a target that is no single output: a sum, a function.
inline constexpr std::int64_t kNoOutput = -1;

/// One score to explain.
struct Target {
  std::string name = {};   ///< label, word, or start:P, end:P, span:P-Q; a sum, a function's name
  std::int64_t index = 0;  ///< of the output, or kNoOutput
  std::optional<std::int64_t> position = {};  ///< token that it is asked about
  std::optional<std::string> versus = {};     ///< name of what it is compared with
  std::vector<std::int64_t> tokens = {};      ///< whose answers `readout` reads
  Readout readout = {};
  bool operator==(const Target&) const = default;
};

}  // namespace ascribo

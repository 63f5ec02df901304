// SPDX-License-Identifier: MIT
// The options that every method shares, as a struct.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/score.h"
#include "ascribo/explain/subject.h"
#include "ascribo/explain/task.h"
#include "ascribo/text/units.h"

namespace ascribo {

enum class Normalize { kNone, kL2, kL1, kMax };

template <>
struct EnumNames<Normalize> {
  static constexpr std::array<std::string_view, 4> kNames = {"none", "l2", "l1", "max"};
};

/// Libraries whose recipes some methods can follow.
enum class Peer { kCaptum, kInterpreto, kAlti, kInseq, kShap };

template <>
struct EnumNames<Peer> {
  static constexpr std::array<std::string_view, 5> kNames = {"captum", "interpreto", "alti",
                                                             "inseq", "shap"};
};

/// Whose tokens get scores where there is a continuation.
enum class Attribute {
  kAll,     ///< those of the text, and for each target those written before it
  kPrompt,  ///< those of the text alone; what was written stays as it is
};

template <>
struct EnumNames<Attribute> {
  static constexpr std::array<std::string_view, 2> kNames = {"all", "prompt"};
};

template <>
struct EnumNames<Precision> {
  static constexpr std::array<std::string_view, 4> kNames = {"fp32", "bf16", "bf16x3", "auto"};
};

struct Settings {
  std::optional<std::string> versus;
  ScoreKind score = ScoreKind::kLogit;
  UnitKind unit = UnitKind::kWord;
  bool unit_given = false;  ///< the request names the unit
  SpecialRule special = SpecialRule::kRemainder;
  Normalize normalize = Normalize::kNone;
  bool sort = false;
  bool truncate = false;
  std::optional<std::int64_t> window, stride;
  std::int64_t batch_tokens = 1024;
  Precision precision = Precision::kFp32;
  std::optional<std::int64_t> spot_check;
  std::uint64_t seed = 0;
  TargetUnit target_unit = TargetUnit::kToken;
  Attribute attribute = Attribute::kAll;
  bool values = false;
  bool keep_masks = false;
  std::optional<Peer> compat;

  bool operator==(const Settings&) const = default;
};

/// One of the methods of a request, with what it is asked for.
struct MethodRequest {
  const Method* method = nullptr;
  Settings settings;
  OptionValues options;          ///< the method's own
  std::optional<Recipe> recipe;  ///< of the library that compat names
};

/// The methods of a request, which names them with commas between. An option goes to every method
/// that has it; with compat, what is not given has the library's default. Errors: kUnknownName for
/// a method, or an option that nobody has, saying which method has it or the nearest name;
/// kInvalidArgument; kUnsupported for a library whose recipe for the method is not known. Of a
/// causal language model, log_probability and the baseline zero are the defaults.
std::vector<MethodRequest> read_request(const Request& request, HeadKind head);

}  // namespace ascribo

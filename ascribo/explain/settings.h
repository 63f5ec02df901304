// SPDX-License-Identifier: MIT
// The options that every method shares, as a struct.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

struct Settings {
  std::optional<std::string> versus;
  ScoreKind score = ScoreKind::kLogit;
  UnitKind unit = UnitKind::kWord;
  SpecialRule special = SpecialRule::kRemainder;
  Normalize normalize = Normalize::kNone;
  bool sort = false;
  bool truncate = false;
  std::optional<std::int64_t> window, stride;
  std::int64_t batch_tokens = 1024;
  std::uint64_t seed = 0;
  bool values = false;
  bool save_masks = false;
  std::optional<Peer> compat;
};

/// The shared options of a request, and what is left: the method's own. With compat, what is not
/// given has the library's default. Errors: kUnknownName for an option that neither has, saying
/// which method has it or the nearest name; kInvalidArgument; kUnsupported for a library whose
/// recipe for the method is not known.
std::pair<Settings, OptionValues> read_settings(const Request& request, const Method& method);

/// The recipe that the settings ask for; empty: none.
std::optional<Recipe> find_recipe(const Method& method, std::optional<Peer> peer);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Sums of targets with weights: 1*positive-0.5*#2.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ascribo/explain/heads/head_reading.h"

namespace ascribo {

/// Reads W*TARGET, perhaps followed by more of them with a sign between; nothing when the text does
/// not begin with a number and a star. Errors: kInvalidArgument for a term that is none; those of
/// parse_target.
std::optional<TargetForm> parse_sum(std::string_view text, const HeadContext& context);

/// One target: the sum of what the terms come to. Errors: kInvalidArgument for a term that comes to
/// several targets.
Target resolve_sum(const TargetForm& form, const Answers& answers, const HeadContext& context,
                   std::optional<std::int64_t> at, std::vector<std::string>& notes);

/// The forms with terms in the place of sums: all tokens that are asked about.
TargetForms terms_of(const TargetForms& forms);

}  // namespace ascribo

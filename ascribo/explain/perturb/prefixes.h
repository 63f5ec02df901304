// SPDX-License-Identifier: MIT
// Which masks of a text share rows where no token sees a later one: those that begin alike.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ascribo/explain/scorer.h"

namespace ascribo {

/// What several masks of one text share, each with the one before it; `hidden` are flags of tokens,
/// in an order in which masks that begin alike are neighbours (ascending), and `deletes` says
/// whether hidden tokens are taken out. Masks come in groups, which share nothing with each other,
/// so that threads have something to do and no batch grows too large: 1, 2, 4, ... groups of about
/// as many rows each, at least 256 and eight times the text, but not more than a quarter of
/// `batch_tokens` (or one text), and less than twice that.
std::vector<SharedRows> share_prefixes(const Task& task,
                                       std::span<const std::vector<std::uint8_t>* const> hidden,
                                       bool deletes, std::int64_t batch_tokens);

}  // namespace ascribo

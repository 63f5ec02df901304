// SPDX-License-Identifier: MIT
// Fields of config.json that architectures share, with the defaults and styles of old and new.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/models/model.h"
#include "ascribo/ops/activation.h"

namespace ascribo {

/// A count or width, at least 1; kBadCheckpoint otherwise.
std::int64_t config_size(const Json& config, std::string_view key, std::int64_t fallback);

/// The same for a count that no weight in the file bears out: at most `limit`.
std::int64_t config_size_up_to(const Json& config, std::string_view key, std::int64_t fallback,
                               std::int64_t limit);

/// A number above 0; kBadCheckpoint otherwise.
double config_epsilon(const Json& config, std::string_view key, double fallback);

/// An activation by its name; kUnsupported, listing the known ones, when nobody knows it.
Activation config_activation(const Json& config, std::string_view key, std::string_view fallback);

/// Which of the layers see only tokens nearby, as layer_types says; nothing where it is absent.
/// kBadCheckpoint when it names another number of layers; kUnsupported for other kinds of layers.
std::optional<std::vector<bool>> config_windows(const Json& config, std::int64_t layers);

/// Width of one head times heads must be `hidden`; kBadCheckpoint otherwise.
void check_heads(std::string_view width_key, std::int64_t hidden, std::string_view heads_key,
                 std::int64_t heads);

/// Throws kUnsupported for what would load but compute something else: decoders, cross attention,
/// relative positions, pruned heads.
void refuse_other_encoders(const Json& config);

/// Names of the head's `rows` outputs: from id2label in the order of its numbers, else LABEL_0, ...
/// kBadCheckpoint when the config states another count than `weight`, the head's last, has rows.
std::vector<std::string> config_labels(const Json& config, std::int64_t rows,
                                       std::string_view weight);

/// What the scores mean: problem_type; where it is absent, one label out of several (or a single
/// logit's yes or no).
Problem config_problem(const Json& config);

}  // namespace ascribo

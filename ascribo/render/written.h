// SPDX-License-Identifier: MIT
// Which tokens of the output a target is, and how likely the model found them.
#pragma once

#include <cstddef>
#include <optional>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// The first and the last token of a target that was written, as indices in Explanation::tokens.
struct Written {
  std::size_t first = 0, last = 0;
};

/// Empty for a target that is no part of the output: a class, or a word that was not written.
std::optional<Written> written_target(const Explanation& explanation,
                                      const Attribution& attribution);

/// How likely the model found these tokens together, each after those before it; empty where the
/// explanation does not say.
std::optional<double> written_probability(const Explanation& explanation, const Written& written);

/// Whether a unit holds a token of the target itself.
bool is_own_unit(const Explanation& explanation, const Attribution& attribution, std::size_t unit);

/// Whether this explains what was written, token by token or in parts: more than one target, each
/// a part of the output.
bool explains_output(const Explanation& explanation);

}  // namespace ascribo

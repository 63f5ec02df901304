// SPDX-License-Identifier: MIT
// A target of one's own, in place of a label: any function of logits.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ascribo {

/// What an answer can be asked besides its outputs. The score of such a target is the function's
/// value, whatever Settings::score says.
struct LogitFunction {
  std::string name;              ///< of the target, in results
  std::string of = "predicted";  ///< the target whose answer it takes: of a token, `token:P`
  /// The value at the answer's logits `[outputs]`, of a question's answer `[tokens, 2]`. Writes
  /// d value / d logits to `gradient`, unless that is empty: then nobody needs it. May be called by
  /// several threads at once. What it throws is that text's error.
  std::function<double(std::span<const double> logits, std::span<double> gradient)> evaluate;
};

using LogitFunctions = std::vector<std::shared_ptr<const LogitFunction>>;

}  // namespace ascribo

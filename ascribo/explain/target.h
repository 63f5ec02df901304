// SPDX-License-Identifier: MIT
// Which outputs of a classifier are explained.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// A target as asked for, before the model has answered.
struct TargetForm {
  enum class Kind { kPredicted, kAll, kIndex };
  Kind kind = Kind::kPredicted;
  std::int64_t index = 0;  ///< of kIndex
};

/// Reads predicted, all, LABEL or #INDEX. Errors: kUnknownName with the nearest label;
/// kInvalidArgument for an index out of range; kUnsupported for the forms of other heads
/// (start:P, end:P, span:P-Q, token:P=LABEL, mask=WORD).
TargetForm parse_target(std::string_view text, std::span<const std::string> labels);

/// The same for the target to compare with, which cannot be `all`.
TargetForm parse_versus(std::string_view text, std::span<const std::string> labels);

/// One score to explain: that of `index`, or its difference from that of `versus`.
struct Target {
  std::int64_t index = 0;
  std::optional<std::int64_t> versus;
  bool operator==(const Target&) const = default;
};

/// Puts in what the model predicted; each target once, in the order asked for. `all` leaves out
/// the label compared with; what is left out is said in `notes`. Errors: kInvalidArgument for a
/// target compared with itself.
std::vector<Target> resolve_targets(std::span<const TargetForm> forms,
                                    const std::optional<TargetForm>& versus, std::int64_t predicted,
                                    std::span<const std::string> labels,
                                    std::vector<std::string>& notes);

}  // namespace ascribo

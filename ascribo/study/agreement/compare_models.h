// SPDX-License-Identifier: MIT
// Whether checkpoints of one task, such as seeds of one training, are explained alike.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/metrics/comparison/compare.h"
#include "ascribo/models/model.h"

namespace ascribo {

/// A unit of a text under all models: scores divided by the sum of their magnitudes in the text.
struct UnitSpread {
  std::string text;
  double mean = 0, deviation = 0;  ///< over models; the deviation is that of a sample
};

/// Two models, over texts.
struct ModelPair {
  std::size_t first = 0, second = 0;  ///< in the order the models were given
  ComparisonCell rank = {};           ///< Spearman's correlation of the units' scores
  ComparisonCell overlap = {};        ///< share of the `top` units ranked highest that both have
};

struct TextAgreement {
  std::string text;
  std::vector<std::string> targets;   ///< one for each model
  std::vector<double> rank, overlap;  ///< one for each pair
  std::vector<UnitSpread> units;
};

struct ModelAgreement {
  std::vector<std::string> models;
  std::string method;
  std::int64_t top = 0, skipped = 0;
  std::int64_t same_target = 0;  ///< texts of which all models say the same
  std::vector<ModelPair> pairs = {};
  ComparisonCell spread = {};  ///< over texts: the mean over units of UnitSpread::deviation
  std::vector<TextAgreement> texts = {};
};

struct AgreementStream {
  std::function<std::optional<Input>()> next = {};
  /// As in Subject::Stream.
  std::function<bool(std::int64_t, const std::exception&)> failed = {};
  ProgressCallback progress = {};
  std::int64_t total = -1;
};

/// Explains every text by every subject. Ranks are by magnitude where scores have signs: what
/// matters, whichever way. Errors: kInvalidArgument for fewer than two subjects, several methods,
/// `top` below 1, and for a text that the models' tokenizers cut into other units; kUnsupported for
/// a text of one unit; those of Subject::explain.
ModelAgreement compare_models(const std::vector<const Subject*>& subjects,
                              const AgreementStream& stream, const Request& request,
                              std::int64_t top);

}  // namespace ascribo

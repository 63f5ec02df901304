// SPDX-License-Identifier: MIT
// The result of explaining one text: scores, and the evidence needed to trust them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

/// Part of a request's input that an offset counts in.
enum class Side { kText, kPair, kOutput };

/// A token as the model saw it. start and end count Unicode code points of its side, end exclusive.
struct TokenInfo {
  std::int64_t id = 0;
  std::string text;
  Side side = Side::kText;
  std::int64_t start = 0, end = 0;
  bool special = false;
};

/// What a causal model wrote, or was given as written, after its text.
struct OutputSummary {
  std::string text;
  std::vector<std::int64_t> ids;
};

/// What a score belongs to: a stretch of the text and the tokens (indices) in it.
struct UnitInfo {
  std::string text;  ///< as the user wrote it, not as it was tokenized
  Side side = Side::kText;
  std::int64_t start = 0, end = 0;
  std::vector<std::int64_t> tokens;
  std::string name = {};  ///< given by the user; empty where units have none
};

struct ModelSummary {
  std::string path, architecture, hash;
};

struct InputSummary {
  std::string text;
  std::optional<std::string> pair, id, label;
  /// Given instead of a text, which is then their tokens; and their token types, if given.
  std::vector<std::int64_t> input_ids = {}, type_ids = {};
};

/// What a head that answers token by token says of one of them. A question's answer has its start
/// and its end; a mask its likeliest words.
struct TokenPrediction {
  std::int64_t token = 0;  ///< its index in Explanation::tokens
  std::int64_t index = 0;  ///< of the output
  std::string label;
  float probability = 0;
};

/// Of a head that answers token by token: the surest label of interest, the text of the answer, the
/// likeliest word.
struct Prediction {
  std::int64_t index = 0;
  std::string label;
  std::optional<float> probability;  ///< empty for regression
  std::vector<float> logits;         ///< empty where there is one answer for each token
  std::vector<TokenPrediction> tokens = {};
};

struct MethodSummary {
  std::string name;
  std::vector<std::pair<std::string, OptionValue>> options;
  bool is_signed = true;  ///< false: scores tell how much, not in which direction
};

struct BaselineSummary {
  std::string kind;                 ///< "pad", "zero", ...
  std::vector<std::string> tokens;  ///< what stands at each position; empty for zero vectors
};

/// The scores of one target.
struct Attribution {
  std::string target;      ///< label, word, or start:P, end:P, span:P-Q
  std::int64_t index = 0;  ///< of the output
  std::optional<std::int64_t>
      position;  ///< of the token asked about; one past the end: what follows
  std::optional<std::string> versus;
  double value = 0;  ///< the score of the text
  std::optional<double> baseline_value;
  /// sum over all positions and dimensions minus (value - baseline_value); see docs/design.
  std::optional<double> delta;
  std::vector<float> scores;      ///< one per unit; NaN: the target cannot see the unit
  std::optional<double> special;  ///< what special tokens received
  std::optional<std::vector<float>> standard_error;
  /// Per-dimension values `[tokens, dimensions]`, only on request.
  std::optional<std::vector<float>> values;
};

/// What a method found in every layer: `data` in row-major order, the layer its first dimension
/// unless the method's page says otherwise. Where tables are large a door may write them to a file
/// instead: then `data` is empty, and `entry` the array's name in that .npz archive.
struct LayerTable {
  std::string name;  ///< "contributions", "rollout", ...
  std::vector<std::int64_t> shape;
  std::vector<float> data;
  std::string file = {}, entry = {};
};

struct Cost {
  double seconds = 0;
  std::int64_t forward_tokens = 0, backward_tokens = 0;
};

/// docs/design/explanation.md shows the same as JSON, schema "ascribo.explanation/1".
struct Explanation {
  ModelSummary model;
  InputSummary input;
  Prediction prediction;
  std::optional<OutputSummary> output;  ///< the continuation that is explained
  std::vector<TokenInfo> tokens;        ///< the continuation's, too
  MethodSummary method;
  std::optional<BaselineSummary> baseline;
  std::string score, unit;
  std::vector<UnitInfo> units;
  std::vector<Attribution> attributions;
  /// Of sampled methods, on request: a character per unit, 1 hidden, 0 kept; a text per mask.
  std::optional<std::vector<std::string>> masks;
  std::optional<std::vector<LayerTable>> layers;  ///< of methods that look into layers
  Cost cost;
  std::uint64_t seed = 0;
  std::string normalize = "none";  ///< how a renderer scales scores for display
  bool sort = false;               ///< whether a renderer lists units by score
  std::vector<std::string> notes;
};

/// What offsets of a side count in; empty for a side that is not there.
const std::string& side_text(const Explanation& explanation, Side side);

/// A copy whose scores are scaled for display: "none", "l2", "l1" or "max" per target. Raw value,
/// baseline_value and delta stay as they are.
Explanation normalized(const Explanation& explanation);

}  // namespace ascribo

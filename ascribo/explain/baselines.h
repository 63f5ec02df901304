// SPDX-License-Identifier: MIT
// The texts that stand for "nothing said": where the paths of integrated gradients start.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/explanation.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {

/// Whether special tokens stay what they are in a baseline.
enum class KeepSpecial { kYes, kNo };

template <>
struct EnumNames<KeepSpecial> {
  static constexpr std::array<std::string_view, 2> kNames = {"yes", "no"};
};

inline constexpr char kBaselineHelp[] =
    "where the path starts: pad, mask, unk or token:ID in every place; zero or mean (vectors; "
    "mean: "
    "of all words); text:TEXT or the texts of file:PATH, cut or padded to length; uniform (random "
    "words). Of several, the mean. By default pad, of expected_gradients uniform";
inline constexpr char kKeepSpecialHelp[] =
    "whether special tokens stay in the baseline; by default yes, but no for zero";
inline constexpr char kBaselineSamplesHelp[] =
    "how many texts of a file are read at most, and how many random ones integrated_gradients "
    "draws (sampled methods: one for each sample)";

/// What stands in a text's place, the same way for every text, or several such ways; types are
/// always the text's own, and so are positions unless told. Not safe for concurrent use with the
/// scorer.
class Baseline {
 public:
  /// Reads pad, mask, unk, token:ID, zero, mean, uniform, text:TEXT or file:PATH. There are
  /// `samples` of uniform, and at most that many of a file. Unless told, tokens and mean keep
  /// special tokens and zero does not. Errors: those of find_stand_in; kNotFound and kBadFile;
  /// kBadText for a text without tokens; kUnsupported without a tokenizer where one is needed, and
  /// for mean anywhere but at the word embeddings.
  Baseline(std::string_view name, std::optional<KeepSpecial> keep, std::int64_t samples,
           const Scorer& scorer, TapPoint at);

  /// Positions as the model numbers them for the baseline's tokens: where padding has a place of
  /// its own (ModelInfo::padding_position), they are not the text's. captum's layer methods do so.
  void number_positions(const ModelInfo& model) { numbering_ = &model; }

  std::size_t count() const { return count_; }
  bool keeps_special() const { return keep_special_; }
  /// Vectors, put in by fill_rows(); else tokens.
  bool is_vector() const { return kind_ == Kind::kZero || kind_ == Kind::kMean; }

  /// Whether it puts something in the token's place.
  bool replaces(const Task& task, std::size_t token) const {
    const TokenInfo& info = task.result.tokens[token];
    return !(keep_special_ && info.special) && !(task.hold_output && info.side == Side::kOutput);
  }
  /// The text with tokens replaced in way `index`; draws are keyed by the request's seed.
  Sequence sequence(const Task& task, std::size_t index) const;
  /// Writes the vector to the rows `[tokens, n]` of replaced tokens.
  void fill_rows(const Task& task, Tensor& values) const;

  /// Fills in result.baseline and what the notes have to say.
  void describe(Task& task, const Tokenizer* tokenizer) const;

 private:
  enum class Kind { kToken, kZero, kMean, kUniform, kTexts };

  void read_text(std::string_view name, std::string_view text, const Scorer& scorer);
  void read_file(const std::string& path, std::int64_t samples, const Scorer& scorer);
  void list_words(const Scorer& scorer);
  void find_mean(const Model& model);

  Kind kind_ = Kind::kToken;
  std::string name_, note_;
  std::size_t count_ = 1;
  bool keep_special_ = true;
  std::int64_t token_ = -1;  // the stand-in, or what pads a text that is too short
  std::vector<std::vector<std::int64_t>> texts_;
  std::vector<std::int64_t> words_;  // that uniform draws from
  Tensor mean_;                      // [1, n]
  const ModelInfo* numbering_ = nullptr;
};

}  // namespace ascribo

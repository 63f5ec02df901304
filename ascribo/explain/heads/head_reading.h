// SPDX-License-Identifier: MIT
// What a head's answers can be asked: the forms of its targets, its prediction, what targets come
// to.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/explain/explanation.h"
#include "ascribo/explain/score.h"
#include "ascribo/explain/target.h"
#include "ascribo/models/model.h"

namespace ascribo {

class Tokenizer;

/// The subject that answers. The tokenizer may be null.
struct HeadContext {
  const ModelInfo& model;
  std::span<const std::string> labels;
  const Tokenizer* tokenizer;

  Link link() const { return link_of(model); }
};

/// What it answered to one input.
struct Answers {
  std::span<const double> logits = {};        ///< `[answers, outputs]`
  std::span<const std::int64_t> tokens = {};  ///< whose answers these are; empty: the whole input's
  const Explanation& shown;                   ///< its tokens and texts
  std::int64_t outputs = 0;
  /// The other text's vector, where vectors are compared.
  std::shared_ptr<const std::vector<double>> other = {};

  /// Where the answer of a token is, or nothing when it was not asked about.
  std::optional<std::int64_t> find(std::int64_t token) const;
  /// An output of an answer, in a softmax with its other outputs.
  Cell cell(std::int64_t answer, std::int64_t output) const;
  std::int64_t best(std::int64_t answer) const;  ///< the output with the largest logit
  /// At most `most` outputs, those with the largest logits, the largest first.
  std::vector<std::int64_t> likeliest(std::int64_t answer, std::int64_t most) const;
};

/// One file of explain/heads. The functions get what they need and keep nothing.
struct HeadReading {
  HeadKind kind;
  std::string_view does;  ///< "classifies whole texts"
  /// Reads all forms but `predicted` and `all`; nothing for one that is not this head's. Errors:
  /// kUnknownName, kInvalidArgument.
  std::optional<TargetForm> (*parse)(std::string_view text, const HeadContext& context);
  std::string (*expected)(const HeadContext& context);  ///< its forms, for errors
  /// Reads forms that only stand to compare with; null: there are none.
  std::optional<TargetForm> (*parse_versus)(std::string_view text,
                                            const HeadContext& context) = nullptr;
  /// The tokens that an input's answers are wanted of; null: all, or there is one for all.
  std::vector<std::int64_t> (*tokens)(const Explanation& shown, const TargetForms& forms,
                                      const HeadContext& context) = nullptr;
  Prediction (*predict)(const Answers& answers, const HeadContext& context);
  /// What a form comes to. Compared with a target, `at` is the token of that one.
  std::vector<Target> (*resolve)(const TargetForm& form, const Answers& answers,
                                 const HeadContext& context, std::optional<std::int64_t> at,
                                 std::vector<std::string>& notes);
};

const HeadReading& find_reading(HeadKind kind);

/// Reads a target. Errors: kUnknownName, kInvalidArgument; kUnsupported for another head's form.
TargetForm parse_target(std::string_view text, const HeadContext& context);

/// The same for the target to compare with, which cannot be `all`.
TargetForm parse_versus(std::string_view text, const HeadContext& context);

/// Each target once, in the order asked for. `all` leaves out the one compared with; what is left
/// out is said in `notes`. Errors: kInvalidArgument for a target compared with itself, and for
/// tokens that the input does not have.
std::vector<Target> resolve_targets(const TargetForms& forms, const Answers& answers,
                                    const HeadContext& context, std::vector<std::string>& notes);

// What the files of explain/heads share.

/// The number after a prefix, or nothing: "start:12" gives 12.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view prefix);

/// Reads token:P and token:P=NAME, with `find` for the number of what NAME names; nothing for
/// another form. `what` says what NAME is, in errors. Errors: kInvalidArgument; those of `find`.
std::optional<TargetForm> parse_token(
    std::string_view text, std::string_view what,
    const std::function<std::int64_t(std::string_view name)>& find);

/// P and Q of span:P-Q, P at most Q; nothing when `text` says something else.
std::optional<std::pair<std::int64_t, std::int64_t>> span_numbers(std::string_view text);

/// How a language model's word is looked for besides as #ID: as a token in the middle of a text,
/// then at its beginning, and before or after that by its name in the vocabulary.
struct WordSearch {
  bool name_first = false;
  std::string_view hint;  ///< of the error
};
/// The one token that a word is. Errors: kUnsupported for a word without a tokenizer; kUnknownName
/// for one that is several tokens, or none.
std::int64_t find_word(std::string_view word, const HeadContext& context, const WordSearch& search);
/// The same for a word that may be several tokens, or none: then nothing.
std::optional<std::int64_t> find_single_token(std::string_view word, const HeadContext& context,
                                              bool name_first);

/// A label's number by its name or as #INDEX; nothing when `text` is neither. Errors:
/// kInvalidArgument for an index out of range.
std::optional<std::int64_t> find_label(std::string_view text, const HeadContext& context);

/// "predicted, all, <more>, ...": the first labels stand for very many.
std::string expected_labels(const std::vector<std::string>& forms, const HeadContext& context);

/// Throws kUnknownName for a name that is no label, with the nearest one.
[[noreturn]] void fail_unknown_label(std::string_view text, const HeadContext& context,
                                     const std::string& expected);

/// Throws kInvalidArgument unless the input has that token.
void check_token(std::int64_t token, const Explanation& shown);

}  // namespace ascribo

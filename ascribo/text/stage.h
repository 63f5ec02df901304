// SPDX-License-Identifier: MIT
// The stages of a tokenizer: what each does, and how tokenizer.json's "type" finds it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/text/encoding.h"
#include "ascribo/text/normalized_text.h"
#include "ascribo/text/split.h"

namespace ascribo {

// A stage is one file in the folder of its kind, e.g. normalizers/. It derives a class in an
// anonymous namespace and defines `const NormalizerStage& stage_<file stem>()` (or the descriptor
// of its kind) in the namespace of that folder, ascribo::normalizers; CMake finds it there. Stages
// are immutable: const methods may be called concurrently. describe() is the type and what sets
// this one apart, e.g. "BertNormalizer (lowercase, strip_accents)". `make` gets the stage's object
// in tokenizer.json and the name of that file for its errors.

/// Rewrites a text before it is cut.
class Normalizer {
 public:
  virtual ~Normalizer() = default;
  virtual void apply(NormalizedText& text) const = 0;
  virtual std::string describe() const = 0;
};

/// Cuts splits into words. Each split that is left counts as one word, so none may be empty.
class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  virtual void apply(std::vector<Split>& splits) const = 0;
  virtual std::string describe() const = 0;
};

/// A token of a word: its text, and the code points [begin, end) of the word that it covers.
struct Token {
  std::int64_t id = 0;
  std::string text;
  std::size_t begin = 0, end = 0;
};

/// Cuts words into the pieces that it knows ("model" in tokenizer.json).
class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  /// Appends the tokens of a word that is not empty.
  virtual void tokenize(const NormalizedText& word, std::vector<Token>& tokens) const = 0;
  virtual std::optional<std::int64_t> find(std::string_view piece) const = 0;
  virtual std::optional<std::string_view> piece(std::int64_t id) const = 0;
  virtual std::int64_t size() const = 0;
  virtual std::optional<std::int64_t> unknown() const = 0;  ///< stands for what it cannot cut
  virtual std::string describe() const = 0;
};

/// Puts the tokens of the sides in order, with special tokens around.
class PostProcessor {
 public:
  virtual ~PostProcessor() = default;
  /// `parts` are the sides (text, or text and pair) as far as earlier stages left them; afterwards
  /// the parts of the whole, in order.
  virtual void apply(std::vector<Encoding>& parts, bool add_special_tokens) const = 0;
  virtual std::int64_t added(bool pair) const = 0;  ///< how many special tokens it adds
  virtual std::string describe() const = 0;
};

/// Turns the texts of tokens into stretches of text that are then joined.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void apply(std::vector<std::string>& tokens) const = 0;
  virtual std::string describe() const = 0;
};

struct NormalizerStage {
  std::string_view type;
  std::unique_ptr<Normalizer> (*make)(const Json& description, std::string_view where);
};
struct PreTokenizerStage {
  std::string_view type;
  std::unique_ptr<PreTokenizer> (*make)(const Json& description, std::string_view where);
};
struct VocabularyStage {
  std::string_view type;
  std::unique_ptr<Vocabulary> (*make)(const Json& description, std::string_view where);
  /// Whether a description without "type", as older files have it, is of this kind.
  bool (*recognizes)(const Json& description);
};
struct PostProcessorStage {
  std::string_view type;
  std::unique_ptr<PostProcessor> (*make)(const Json& description, std::string_view where);
};
struct DecoderStage {
  std::string_view type;
  std::unique_ptr<Decoder> (*make)(const Json& description, std::string_view where);
};

// Each makes the stage that the description's "type" names, for the tokenizer and for stages that
// hold others. Errors: kUnsupported for a type that no file of the folder has, listing those that
// there are; kBadFile for a description that does not follow the format.
std::unique_ptr<Normalizer> make_normalizer(const Json& description, std::string_view where);
std::unique_ptr<PreTokenizer> make_pre_tokenizer(const Json& description, std::string_view where);
std::unique_ptr<Vocabulary> make_vocabulary(const Json& description, std::string_view where);
std::unique_ptr<PostProcessor> make_post_processor(const Json& description, std::string_view where);
std::unique_ptr<Decoder> make_decoder(const Json& description, std::string_view where);

}  // namespace ascribo

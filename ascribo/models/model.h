// SPDX-License-Identifier: MIT
// A loaded checkpoint: ids in, logits out, every inner value within reach of taps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/models/batch.h"

namespace ascribo {

/// One weight as published and used: its name, shape, stored dtype.
struct ModuleInfo {
  std::string name;
  Shape shape;
  Dtype dtype = Dtype::kF32;
};

enum class Problem { kSingleLabel, kMultiLabel, kRegression };

/// What a model answers.
enum class HeadKind {
  kSequenceClassification,  ///< once for the whole sequence: a logit per label
  kTokenClassification,     ///< for each token: a logit per label
  kQuestionAnswering,       ///< for each token: whether the answer starts, and ends, there
  kMaskedLanguageModel,     ///< for each token: a logit per word of the vocabulary
  kCausalLanguageModel,     ///< for each token: a logit per word that may come next
  kBase,                    ///< once for the whole sequence: its vector
};

/// Whether a head answers for each token, and not once for the whole sequence.
constexpr bool answers_tokens(HeadKind head) {
  return head != HeadKind::kSequenceClassification && head != HeadKind::kBase;
}

/// What a checkpoint says about itself.
struct ModelInfo {
  std::filesystem::path path;
  std::string architecture;  ///< "BertForSequenceClassification"
  std::string model_type;    ///< "bert"
  std::string hash;          ///< SHA-256 of config, safetensors headers and file sizes
  std::int64_t layers = 0, heads = 0, hidden = 0, embedding = 0, vocab = 0;
  std::int64_t embeddings = 0;                  ///< columns after positions and types
  std::int64_t query_width = 0, key_width = 0;  ///< columns of queries, and of keys and values
  std::int64_t max_positions = 0;               ///< longest text in tokens, special tokens included
  /// Id of the padding token in models that number positions from the one after it, passing over
  /// padding (RoBERTa and its kin); elsewhere positions count from 0.
  std::optional<std::int64_t> padding_position;
  std::int64_t type_vocab = 0;  ///< 0: the model has no token types
  std::int64_t parameters = 0;  ///< of the weights used
  HeadKind head = HeadKind::kSequenceClassification;
  std::int64_t outputs = 0;  ///< logits in each answer
  Problem problem = Problem::kSingleLabel;
  /// One per output: LABEL_0, ... where the config names none; start and end of an answer. Empty
  /// where outputs are words of the vocabulary, or dimensions.
  std::vector<std::string> labels;
  /// Texts were cut into words, and marks off words, before the tokenizer saw them (Flair).
  bool words_first = false;
  /// No token sees a later one, and no answer needs an earlier one's row, so that a forward can
  /// begin after tokens that ran before.
  bool causal = false;
  std::vector<ModuleInfo> modules;  ///< weights used, in the order of the forward
  std::vector<std::string> unused;  ///< weights in the files that nothing uses
};

/// Immutable after open(); const methods may be called concurrently.
class Model {
 public:
  virtual ~Model() = default;

  /// Opens a folder in the published Hugging Face layout, or a file that Flair saved; weights are
  /// mapped, not read.
  /// `compute` is kF32, or kF64 to check numbers. Errors: kNotFound, kBadFile, kBadCheckpoint,
  /// kUnknownName (architecture), kUnsupported (what would load but compute something else).
  static std::unique_ptr<Model> open(const std::filesystem::path& folder,
                                     Dtype compute = Dtype::kF32);

  virtual const ModelInfo& info() const = 0;
  virtual Dtype compute() const = 0;

  /// Logits `[sequences, outputs]`, or `[reads, outputs]` from a head that answers for each token:
  /// those of Batch::reads. Checks ids, positions and types against the tables, and the
  /// shapes of what the run puts in (kTooLong, kInvalidArgument).
  virtual Variable forward(const Batch& batch, Run& run) const = 0;

  /// The same, and hands out what tokens that follow need of these: pasts[s] are all tokens of
  /// sequence s, those that ran before included. Logits are the same bits however a sequence is cut
  /// into its past and the rest. kUnsupported where the model is not causal or the run leaves out
  /// layers.
  virtual Variable forward_keeping(const Batch& batch, Run& run,
                                   std::vector<std::shared_ptr<const Past>>& pasts) const;

  /// Rows of the word table, `[ids, embedding]`, scaled as the model scales them.
  virtual Tensor word_embeddings(const std::vector<std::int64_t>& ids) const = 0;

  /// Packs every weight now, all threads at it, rather than when a forward (or, if asked for, a
  /// backward) of this precision first needs it. Cheap when that has been done.
  virtual void pack(bool backward, Precision precision = Precision::kFp32) const = 0;

  /// Shape of every tap for one sequence of `length` tokens, in order; for `info`.
  std::vector<std::pair<TapPoint, Shape>> taps(std::int64_t length) const;

  /// SHA-256 over the whole weight files and config; slow.
  std::string full_hash() const;
};

}  // namespace ascribo

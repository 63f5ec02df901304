// SPDX-License-Identifier: MIT
// What is explained: a model with its tokenizer and head. The library's front door.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/base/progress.h"
#include "ascribo/explain/explanation.h"
#include "ascribo/explain/generate/generation.h"
#include "ascribo/explain/heads/logit_function.h"
#include "ascribo/explain/planning/plan.h"
#include "ascribo/tensor/dtype.h"
#include "ascribo/text/chat_template.h"

namespace ascribo {

class Model;
class Tokenizer;
struct Parts;  // what a subject is made of: explain/inputs/prepare.h

/// A stretch of a text that the user names, to get a score of its own: an example in a prompt, a
/// passage, the question. In Unicode code points, end exclusive.
struct Span {
  std::string name;
  Side side = Side::kText;
  std::int64_t start = 0, end = 0;
};

/// One thing to explain: a text (and pair), or token ids as the model sees them.
struct Input {
  std::string text = {};
  std::optional<std::string> pair = {}, id = {}, label = {};
  std::vector<std::int64_t> input_ids = {};  ///< given instead of a text: used as they are
  /// With input_ids: the token type of each, where a model tells the sides of a pair apart.
  std::vector<std::int64_t> type_ids = {};
  /// The text holds its special tokens already, as a chat template puts them there: the tokenizer
  /// adds none.
  bool templated = false;
  /// What a causal language model wrote, or might have, after the text: as text, spaces included,
  /// or as ids. Each of its tokens is a target.
  std::optional<std::string> continuation = {};
  std::vector<std::int64_t> continuation_ids = {};
  std::vector<std::string> targets = {};   ///< this input's own targets; empty: the request's
  LogitFunctions functions = {};           ///< likewise, after those; either makes them its own
  std::optional<std::string> versus = {};  ///< what they are compared with, not the request's
  /// Masks for a sampled method, instead of its own draws: a character per unit, 1 hidden, 0 kept.
  std::vector<std::string> masks = {};
  /// The units, in any order; they may not overlap. With the option unit=span and none given, they
  /// are what is marked in the text: `{{name: words}}` stands for `words`, as the model sees it.
  std::vector<Span> spans = {};
  /// What a person says the answer rests on: stretches of the text, for metrics of plausibility.
  std::vector<Span> rationale = {};
};

/// How to explain. `options` holds the request options (see request_options()) and the method's
/// own options (see Method::options), by name, as text; what is absent has its default. An option
/// that neither knows is an error naming the nearest.
struct Request {
  /// One method, or in a stream several with commas between; scores of equal masks are shared.
  std::string method = "integrated_gradients";
  std::vector<std::string> targets = {"predicted"};  ///< docs/reference/targets.md has the forms
  OptionValues options = {};
  LogitFunctions functions = {};  ///< more targets, computed by the caller
  /// Given: the model writes first, after every input without a continuation, and what it wrote is
  /// explained as it wrote it, token by token.
  std::optional<GenerationRequest> generate = {};
};

/// The options that every method shares: versus, score, unit, special, normalize, sort, truncate,
/// window, stride, batch_tokens, precision, spot_check, seed, values, keep_masks, compat.
std::vector<OptionInfo> request_options();

struct SubjectOptions {
  std::vector<std::string> labels = {};  ///< instead of the config's, as many
  /// A folder with another tokenizer than the model's own; of Subject::from the one that the
  /// tokenizer came from, for what else it says: chat template, token types.
  std::filesystem::path tokenizer = {};
  Dtype compute = Dtype::kF32;  ///< or kF64, slower, to check numbers; for open() only
};

/// Const methods may be called concurrently.
class Subject {
 public:
  /// Opens a checkpoint folder, or a file that Flair saved, with its tokenizer. Errors: those of
  /// Model::open and Tokenizer::open, except that a folder without tokenizer files is fine until a
  /// text is given; kInvalidArgument for labels that do not fit.
  static Subject open(const std::filesystem::path& folder, const SubjectOptions& options = {});
  /// The same from parts: a model of one's own, and a tokenizer, which may be null when all inputs
  /// are token ids.
  static Subject from(std::unique_ptr<Model> model, std::unique_ptr<Tokenizer> tokenizer,
                      const SubjectOptions& options = {});
  Subject(Subject&&) noexcept;
  Subject& operator=(Subject&&) noexcept;
  ~Subject();

  Parts parts() const;  ///< for the rooms above
  const Model& model() const;
  const Tokenizer& tokenizer() const;  ///< Errors: kUnsupported when there is none
  /// One name per output: the config's, or those given.
  const std::vector<std::string>& labels() const;

  /// Errors: kBadText for invalid UTF-8, kTooLong.
  Prediction predict(const Input& input) const;
  /// Errors: those of predict; kBadText for an empty text; kUnknownName and kInvalidArgument for
  /// what the request names, and for spans that are no units; kUnsupported for what this model
  /// cannot do.
  Explanation explain(const Input& input, const Request& request = {}) const;

  /// Explains a stream: `next` gives inputs until it returns nothing, `done` receives the results
  /// in the same order, for each input one of every method in the request's order. Texts are worked
  /// on together so that batches are full; what a text gets does not depend on its neighbours. An
  /// error in one text, also one that `next` throws in its place, is passed to `failed` (input
  /// number from 0, error) in its turn; when `failed` is empty or returns false it is thrown. What
  /// is wrong with the request itself is thrown at once. Progress counts texts and is called at
  /// least once per batch.
  struct Stream {
    std::function<std::optional<Input>()> next = {};
    std::function<void(Explanation)> done = {};
    std::function<bool(std::int64_t, const std::exception&)> failed = {};
    ProgressCallback progress = {};
    std::int64_t total = -1;
  };
  void explain(const Stream& stream, const Request& request) const;

  /// What a causal language model writes after a text or after ids. Errors: kUnsupported for a
  /// model that writes nothing; kBadText for an empty prompt; kTooLong where prompt and
  /// max_new_tokens are more than the model has positions for; kInvalidArgument and kUnknownName
  /// for options; kBadCheckpoint for what the checkpoint says of generating.
  Generation generate(const Input& prompt, const GenerationRequest& request = {}) const;

  /// The same of a stream of prompts, as for explaining. Several are worked on at once; what is
  /// written does not depend on that. `piece` receives text as it becomes certain (prompt number
  /// from 0), of several prompts in turn. Progress counts prompts and is called for every token.
  struct Prompts {
    std::function<std::optional<Input>()> next = {};
    std::function<void(std::int64_t, std::string_view)> piece = {};
    std::function<void(Generation)> done = {};
    std::function<bool(std::int64_t, const std::exception&)> failed = {};
    ProgressCallback progress = {};
    std::int64_t total = -1;
  };
  void generate(const Prompts& prompts, const GenerationRequest& request) const;

  /// What a chat checkpoint is given for these messages: its chat template applied to them, up to
  /// where the answer begins. Errors: those of ChatTemplate.
  Input chat(const std::vector<ChatMessage>& messages) const;

  /// What explaining would take. Texts are prepared and predicted (one forward each, and a few more
  /// to see how fast they are), methods are only counted. `done` is not called; errors as above.
  Plan plan(const Stream& stream, const Request& request) const;
  Plan plan(const Input& input, const Request& request = {}) const;

 private:
  struct State;
  explicit Subject(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A folder or file as it is; or by name: the folder of a model that ships with the project, found
/// in the folder that the variable ASCRIBO_MODELS names, from the installed program
/// (../share/ascribo/models) and from a clone (models/ in a folder above the program); or NAME,
/// ORG/NAME, either with @REVISION, in the local Hugging Face cache (io/hub_cache.h). Nothing is
/// downloaded. Errors: kNotFound, saying where it looked and how to get the files.
std::filesystem::path find_model(const std::filesystem::path& name_or_folder);

/// The shipped model that is used when none is named.
std::filesystem::path default_model();

}  // namespace ascribo

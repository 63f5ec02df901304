// SPDX-License-Identifier: MIT
// Opens subjects and explains single inputs.
#include "ascribo/explain/subject.h"

#include <exception>
#include <mutex>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/profile.h"
#include "ascribo/explain/generate/decoding.h"
#include "ascribo/explain/generate/generate.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/inputs/type_ids.h"
#include "ascribo/explain/stream.h"
#include "ascribo/io/flair_classifier.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {

struct Subject::State {
  std::unique_ptr<Model> model;
  std::unique_ptr<Tokenizer> tokenizer;
  std::vector<std::string> labels;
  bool use_type_ids = true;
  std::exception_ptr no_tokenizer;  // why there is none
  std::filesystem::path tokenizer_folder;
  std::mutex chat_lock;
  std::unique_ptr<ChatTemplate> chat;  // made when it is first needed

  Parts parts() const { return {*model, tokenizer.get(), labels, use_type_ids, no_tokenizer}; }
};

Subject::Subject(std::unique_ptr<State> state) : state_(std::move(state)) {}
Subject::Subject(Subject&&) noexcept = default;
Subject& Subject::operator=(Subject&&) noexcept = default;
Subject::~Subject() = default;

Subject Subject::from(std::unique_ptr<Model> model, std::unique_ptr<Tokenizer> tokenizer,
                      const SubjectOptions& options) {
  const std::vector<std::string>& own = model->info().labels;
  if (!options.labels.empty() && options.labels.size() != own.size()) {
    fail(Code::kInvalidArgument, "labels", std::to_string(options.labels.size()) + " were given",
         "expected one for each of the model's " + std::to_string(own.size()) + " outputs");
  }
  auto state = std::make_unique<State>();
  state->labels = options.labels.empty() ? own : options.labels;
  state->model = std::move(model);
  state->tokenizer = std::move(tokenizer);
  if (!options.tokenizer.empty()) {
    state->tokenizer_folder = tokenizer_source(options.tokenizer);
    state->use_type_ids = uses_type_ids(state->tokenizer_folder);
  }
  return Subject(std::move(state));
}

Subject Subject::open(const std::filesystem::path& folder, const SubjectOptions& options) {
  const ProfileScope scope("explain", "opening");
  std::unique_ptr<Model> model = Model::open(folder, options.compute);
  const std::filesystem::path source =
      tokenizer_source(options.tokenizer.empty() ? folder : options.tokenizer);
  std::unique_ptr<Tokenizer> tokenizer;
  std::exception_ptr missing;  // of no matter to who gives token ids
  try {
    tokenizer = Tokenizer::open(source);
  } catch (const Error& error) {
    if (error.code() != Code::kNotFound || !options.tokenizer.empty()) throw;
    missing = std::current_exception();
  }
  Subject subject = from(std::move(model), std::move(tokenizer), options);
  subject.state_->use_type_ids = uses_type_ids(source);
  subject.state_->no_tokenizer = missing;
  subject.state_->tokenizer_folder = source;
  return subject;
}

Parts Subject::parts() const { return state_->parts(); }

const Model& Subject::model() const { return *state_->model; }

const Tokenizer& Subject::tokenizer() const {
  if (state_->no_tokenizer) std::rethrow_exception(state_->no_tokenizer);
  if (state_->tokenizer == nullptr) {
    fail(Code::kUnsupported, "subject", "there is no tokenizer", "expected one for texts");
  }
  return *state_->tokenizer;
}

const std::vector<std::string>& Subject::labels() const { return state_->labels; }

Prediction Subject::predict(const Input& input) const {
  const Parts parts = state_->parts();
  Task task = prepare_prediction(input, parts);
  Scorer scorer(parts.model, parts.tokenizer, task.sequence.size());
  ascribo::predict(std::span(&task, 1), parts, scorer);
  return task.result.prediction;
}

namespace {

// Gives one input.
std::function<std::optional<Input>()> once(const Input& input) {
  return [&input, given = false]() mutable -> std::optional<Input> {
    return std::exchange(given, true) ? std::nullopt : std::optional(input);
  };
}

}  // namespace

Explanation Subject::explain(const Input& input, const Request& request) const {
  if (request.method.find(',') != std::string::npos) {
    fail(Code::kInvalidArgument, "method", "\"" + request.method + "\" was given",
         "expected one method for one explanation", "explain a stream with several");
  }
  std::optional<Explanation> result;
  explain({.next = once(input),
           .done = [&](Explanation explanation) { result = std::move(explanation); },
           .total = 1},
          request);
  return std::move(*result);
}

void Subject::explain(const Stream& stream, const Request& request) const {
  const ProfileScope scope("explain", "everything else");
  explain_stream(state_->parts(), stream, request);
}

Generation Subject::generate(const Input& prompt, const GenerationRequest& request) const {
  std::optional<Generation> result;
  generate({.next = once(prompt),
            .done = [&](Generation generation) { result = std::move(generation); },
            .total = 1},
           request);
  return std::move(*result);
}

void Subject::generate(const Prompts& prompts, const GenerationRequest& request) const {
  const Parts parts = state_->parts();
  generate_stream(parts, prompts, read_decoding(request, parts));
}

Input Subject::chat(const std::vector<ChatMessage>& messages) const {
  const Tokenizer& own = tokenizer();
  const std::scoped_lock hold(state_->chat_lock);
  if (state_->chat == nullptr) state_->chat = ChatTemplate::open(state_->tokenizer_folder, own);
  return {.text = state_->chat->apply(messages), .templated = true};
}

Plan Subject::plan(const Stream& stream, const Request& request) const {
  return plan_stream(state_->parts(), stream, request);
}

Plan Subject::plan(const Input& input, const Request& request) const {
  return plan({.next = once(input), .total = 1}, request);
}

}  // namespace ascribo

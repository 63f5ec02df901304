// SPDX-License-Identifier: MIT
// Lets every prompt take a token in turn: one batch for all, new prompts joining as others end.
#include "ascribo/explain/generate/generate.h"

#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/answered.h"
#include "ascribo/explain/finite.h"
#include "ascribo/explain/generate/draft.h"
#include "ascribo/explain/inputs/failure.h"

namespace ascribo {
namespace {

using Clock = std::chrono::steady_clock;

// A prompt in its place in the stream: what is written after it, or why nothing is.
struct Place {
  std::int64_t number = 0;
  std::unique_ptr<Draft> draft = {};
  std::exception_ptr error = {};
};

class GenerationRun {
 public:
  GenerationRun(const Parts& parts, const Subject::Prompts& prompts, const Decoding& decoding)
      : parts_(parts), prompts_(prompts), decoding_(decoding) {}

  void run() {
    report();
    while (true) {
      admit();
      settle();
      const std::vector<Place*> writing = find_writing();
      if (!writing.empty()) {
        step(writing);
      } else if (places_.empty() && !upcoming_ && ended_) {
        return;
      }
    }
  }

 private:
  void report() const {
    if (!prompts_.progress || prompts_.progress({done_, prompts_.total})) return;
    fail(Code::kCancelled, "generate", "stopped after " + std::to_string(done_) + " texts", "");
  }

  // The next prompt, which waits until there is room for it.
  void ask() {
    if (upcoming_ || ended_) return;
    Place place{.number = asked_};
    try {
      const std::optional<Input> input = prompts_.next();
      if (!input) {
        ended_ = true;
        return;
      }
      place.draft = std::make_unique<Draft>(*input, parts_, decoding_);
    } catch (...) {
      place.error = std::current_exception();
      if (is_fatal(place.error)) ended_ = true;
    }
    ++asked_;
    upcoming_ = std::move(place);
  }

  void admit() {
    for (ask(); upcoming_; ask()) {
      const std::int64_t tokens = upcoming_->draft ? upcoming_->draft->most() : 0;
      if (held_ > 0 && held_ + tokens > decoding_.batch_tokens) return;
      held_ += tokens;
      places_.push_back(std::move(*upcoming_));
      upcoming_.reset();
    }
  }

  std::vector<Place*> find_writing() {
    std::vector<Place*> writing;
    for (Place& place : places_) {
      if (place.draft && !place.draft->ended()) writing.push_back(&place);
    }
    return writing;
  }

  // Every draft keeps what was read for it, where the model can go on from there.
  Variable forward(const Batch& batch, const std::vector<Place*>& writing) const {
    Run run;
    if (!parts_.model.info().causal) return parts_.model.forward(batch, run);
    std::vector<std::shared_ptr<const Past>> pasts;
    Variable output = parts_.model.forward_keeping(batch, run, pasts);
    for (std::size_t i = 0; i < writing.size(); ++i) {
      writing[i]->draft->has_read(std::move(pasts[i]));
    }
    return output;
  }

  void step(const std::vector<Place*>& writing) {
    report();
    const auto start = Clock::now();
    Batch batch;
    for (const Place* place : writing) batch.append(place->draft->unread());
    const Variable output = forward(batch, writing);
    const Answered answered(output.value(), batch, parts_.model.info().head);
    check_finite(parts_.model, answered, batch);
    for (std::size_t i = 0; i < writing.size(); ++i) {
      writing[i]->draft->write(answered.of(i));
      if (writing[i]->draft->ended()) held_ -= writing[i]->draft->most();
    }
    const std::chrono::duration<double> seconds = Clock::now() - start;
    for (std::size_t i = 0; i < writing.size(); ++i) {
      const std::int64_t rows = batch.offsets[i + 1] - batch.offsets[i];
      const double share = static_cast<double>(rows) / static_cast<double>(batch.rows());
      writing[i]->draft->add_cost(rows, seconds.count() * share);
      const std::string_view piece = writing[i]->draft->take_piece();
      if (!piece.empty() && prompts_.piece) prompts_.piece(writing[i]->number, piece);
    }
  }

  // Hands over what is ready, in the order of the prompts.
  void settle() {
    while (!places_.empty()) {
      Place& place = places_.front();
      if (place.draft && !place.draft->ended()) return;
      if (place.error) {
        fail_at(place);
      } else {
        prompts_.done(std::move(*place.draft).finish());
      }
      ++done_;
      places_.pop_front();
    }
    report();
  }

  void fail_at(const Place& place) const {
    try {
      std::rethrow_exception(place.error);
    } catch (const std::exception& known) {
      if (is_fatal(place.error) || !prompts_.failed || !prompts_.failed(place.number, known)) throw;
    }
  }

  const Parts& parts_;
  const Subject::Prompts& prompts_;
  const Decoding& decoding_;
  std::deque<Place> places_;       // not yet handed over
  std::optional<Place> upcoming_;  // waits for room
  std::int64_t held_ = 0;          // tokens of those that are written
  std::int64_t asked_ = 0, done_ = 0;
  bool ended_ = false;
};

}  // namespace

void generate_stream(const Parts& parts, const Subject::Prompts& prompts,
                     const Decoding& decoding) {
  GenerationRun(parts, prompts, decoding).run();
}

}  // namespace ascribo

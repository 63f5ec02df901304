// SPDX-License-Identifier: MIT
// Reads inputs in handfuls, explains each handful at once, and hands results over in order.
#include "ascribo/explain/stream.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/generate/write_on.h"
#include "ascribo/explain/inputs/continuation.h"
#include "ascribo/explain/inputs/contrast.h"
#include "ascribo/explain/inputs/failure.h"
#include "ascribo/explain/inputs/masks.h"
#include "ascribo/explain/inputs/parts.h"
#include "ascribo/explain/perturb/mask_scores.h"
#include "ascribo/explain/planning/planner.h"
#include "ascribo/explain/precision/spot_check.h"

namespace ascribo {
namespace {

using Clock = std::chrono::steady_clock;

// A handful has as many texts as take this many seconds with each method: large enough for full
// batches, small enough that progress moves and results appear. It becomes so many times as large
// as the one before at most.
constexpr double kLongEnough = 4;
constexpr double kGrowth = 4;
constexpr std::size_t kFirstHandful = 4, kLargestHandful = 256;

// Something to explain, and what came of it.
struct Entry {
  Input input;
  std::exception_ptr error;
  Continued continued;               // how the model continued it, if it did
  std::int64_t number = 0;           // in the stream
  std::vector<Explanation> results;  // one for each method
  std::vector<MethodPlan> plans;     // likewise, where nothing but plans is wanted
};

// One text on its way to its explanation.
struct Work {
  Entry* entry;
  Task task;
};

class StreamRun {
 public:
  // With a planner, methods do not run: what they would run is counted.
  StreamRun(const Parts& parts, const Subject::Stream& stream, const Request& request,
            Planner* planner, const Examiner* examiner)
      : parts_(parts),
        stream_(stream),
        request_(request),
        requests_(read_request(request, parts.model.info().head)),
        planner_(planner),
        examiner_(examiner),
        spot_check_(parts_, request, requests_, stream.total) {
    forms_ = read_targets(request, {}, requests_.front().settings, parts.head());
    if (request.generate) decoding_ = read_decoding(*request.generate, parts);
    for (const MethodRequest& each : requests_) {
      Score(each.settings.score, link_of(parts.model.info()));
      Scorer scorer = make_scorer(each.settings);
      each.method->run(each.options, {}, scorer);  // checks options before any text is read
    }
  }

  void run() {
    std::size_t handful = kFirstHandful;
    while (!ended_) {
      std::vector<Entry> entries = read(handful);
      const auto begin = Clock::now();
      explain_all(entries);
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      const double long_enough = kLongEnough * static_cast<double>(requests_.size());
      const double growth = std::min(kGrowth, long_enough / std::max(seconds, 1e-9));
      handful = std::clamp(static_cast<std::size_t>(growth * static_cast<double>(handful)),
                           std::size_t{1}, kLargestHandful);
    }
    report();
  }

 private:
  Scorer make_scorer(const Settings& settings) const {
    Scorer scorer(parts_.model, parts_.tokenizer, settings.batch_tokens, [this] { report(); });
    scorer.set_precision(settings.precision);
    return scorer;
  }

  Scorer method_scorer(const Settings& settings) const {
    if (planner_ == nullptr) return make_scorer(settings);
    return Scorer::counting(parts_.model, parts_.tokenizer, settings.batch_tokens,
                            [this] { report(); });
  }

  void report() const {
    if (!stream_.progress || stream_.progress({done_, stream_.total})) return;
    fail(Code::kCancelled, "explain", "stopped after " + std::to_string(done_) + " texts", "");
  }

  std::vector<Entry> read(std::size_t count) {
    std::vector<Entry> entries;
    while (entries.size() < count && !ended_) {
      const auto number = done_ + static_cast<std::int64_t>(entries.size());
      try {
        std::optional<Input> input = stream_.next();
        if (input) {
          entries.push_back({std::move(*input), nullptr, {}, number, {}, {}});
        } else {
          ended_ = true;
        }
      } catch (...) {
        entries.push_back({{}, std::current_exception(), {}, number, {}, {}});
        if (is_fatal(entries.back().error)) ended_ = true;
      }
    }
    return entries;
  }

  // Errors in preparing are left in their entries.
  std::vector<Work> prepare_all(std::span<Entry* const> entries, const Settings& settings) const {
    std::vector<Work> works, ready;
    for (Entry* entry : entries) {
      if (entry->error) continue;
      guard(*entry, [&] { works.push_back({entry, begin(entry->input, settings)}); });
    }
    std::vector<Task> tasks = take_tasks(works);
    Scorer scorer = make_scorer(settings);
    predict(tasks, parts_, scorer);
    for (std::size_t i = 0; i < works.size(); ++i) {
      guard(*works[i].entry, [&] {
        set_targets(tasks[i], parts_);
        ready.push_back({works[i].entry, std::move(tasks[i])});
      });
    }
    return ready;
  }

  Task begin(const Input& input, const Settings& settings) const {
    Task task = prepare(input, parts_, settings);
    const bool own = !input.targets.empty() || !input.functions.empty() || input.versus;
    task.forms = own ? read_targets(request_, input, settings, parts_.head()) : forms_;
    split_contrast(task, input, parts_, settings);
    task.masks = make_store();
    for (Task& part : task.parts) part.masks = make_store();
    return task;
  }

  std::shared_ptr<MaskStore> make_store() const {
    auto store = std::make_shared<MaskStore>();
    for (std::size_t i = 0; examiner_ != nullptr && i < examiner_->scores.size(); ++i) {
      const ScoreKind kind = examiner_->scores[i];
      store->others.push_back({kind, Score(kind, link_of(parts_.model.info()))});
    }
    return store;
  }

  static std::vector<Task> take_tasks(std::vector<Work>& works) {
    std::vector<Task> tasks;
    for (Work& work : works) tasks.push_back(std::move(work.task));
    return tasks;
  }

  // Explains all at once with every method. What fails after preparing is thrown, and leaves open
  // whose it is.
  void explain_together(std::span<Entry* const> entries) {
    std::vector<Work> ready;
    const Settings* ready_for = nullptr;
    for (const MethodRequest& request : requests_) {
      const auto start = Clock::now();
      const bool again = ready_for != nullptr && *ready_for == request.settings;
      if (!again) {
        ready = prepare_all(entries, request.settings);
        ready_for = &request.settings;
      }
      std::vector<Work> works = &request == &requests_.back() ? std::exchange(ready, {}) : ready;
      if (again) {
        for (Work& work : works) forget_cost(work.task);  // the first method has paid
      }
      run_method(request, works);
      share_time(works, std::chrono::duration<double>(Clock::now() - start).count());
      if (planner_ != nullptr) plan(works);
      if (examiner_ != nullptr) examine(request, works);
      for (Work& work : works) add_result(*work.entry, std::move(work.task.result));
    }
  }

  void examine(const MethodRequest& request, std::vector<Work>& works) const {
    std::vector<Task> tasks = take_tasks(works);
    std::vector<const Input*> inputs;
    std::vector<std::int64_t> numbers;
    std::vector<std::pair<Cost, Runs>> paid;
    for (std::size_t i = 0; i < works.size(); ++i) {
      inputs.push_back(&works[i].entry->input);
      numbers.push_back(works[i].entry->number);
      paid.emplace_back(tasks[i].result.cost, tasks[i].runs);
    }
    const auto place = static_cast<std::size_t>(&request - requests_.data());
    Scorer scorer = make_scorer(request.settings);
    examiner_->examine({request, place, tasks, inputs, numbers}, scorer);
    for (std::size_t i = 0; i < works.size(); ++i) {
      std::tie(tasks[i].result.cost, tasks[i].runs) = paid[i];
      works[i].task = std::move(tasks[i]);
    }
  }

  void plan(std::vector<Work>& works) const {
    for (Work& work : works) {
      work.entry->plans.push_back(planner_->method_plan(work.task.result, work.task.runs));
    }
  }

  void run_method(const MethodRequest& request, std::vector<Work>& works) const {
    std::vector<Task> tasks = take_tasks(works);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      Task& task = tasks[i];
      if (request.method->only_logits) check_outputs(*request.method, task);
      const MethodSummary method{std::string(request.method->name), {}, request.method->is_signed};
      task.result.method = method;
      for (Task& part : task.parts) part.result.method = method;
      take_masks(works[i].entry->input, request.settings, *request.method, task);
      if (request.recipe && !request.recipe->note.empty()) {
        task.note(std::string(request.recipe->note));
      }
    }
    if (examiner_ != nullptr && examiner_->fill) {
      for (std::size_t i = 0; i < tasks.size(); ++i) {
        examiner_->fill(works[i].entry->number, tasks[i]);
        works[i].task = std::move(tasks[i]);
      }
      return;
    }
    std::vector<Task> running = unpack(tasks);
    Scorer scorer = method_scorer(request.settings);
    request.method->run(request.options, running, scorer);
    if (planner_ != nullptr) planner_->calibrate(running, request.settings);
    repack(std::move(running), tasks);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      stitch(tasks[i]);
      hide_unseen(tasks[i]);
      works[i].task = std::move(tasks[i]);
    }
  }

  // The shares of a logit do not add up to a function of it.
  static void check_outputs(const Method& method, const Task& task) {
    for (const Target& target : task.targets) {
      if (!target.readout.function) continue;
      fail(Code::kUnsupported, "target",
           '"' + target.name + "\" is a function of logits, and the method is " +
               std::string(method.name),
           "expected outputs and weighted sums of them");
    }
  }

  static void forget_cost(Task& task) {
    task.result.cost = {};
    task.runs = {};
    for (Task& part : task.parts) forget_cost(part);
  }

  template <class Action>
  static void guard(Entry& entry, Action action) {
    try {
      action();
    } catch (...) {
      entry.error = std::current_exception();
    }
  }

  static void share_time(std::vector<Work>& works, double seconds) {
    const auto tokens = [](const Work& work) {
      const Cost& cost = work.task.result.cost;
      return static_cast<double>(cost.forward_tokens + cost.backward_tokens);
    };
    double all = 0;
    for (const Work& work : works) all += tokens(work);
    for (Work& work : works) {
      const double share = all > 0 ? tokens(work) / all : 1 / static_cast<double>(works.size());
      work.task.result.cost.seconds = seconds * share;
    }
  }

  // Inputs without a continuation get what the model writes.
  void write_first(std::span<Entry* const> entries) const {
    std::vector<Continued> waiting;
    std::vector<Entry*> whose;
    for (Entry* entry : entries) {
      if (!decoding_ || is_continued(entry->input)) continue;
      waiting.push_back({.input = &entry->input});
      whose.push_back(entry);
    }
    if (waiting.empty()) return;
    write_on(waiting, parts_, *decoding_, [this] { report(); });
    for (std::size_t i = 0; i < whose.size(); ++i) {
      whose[i]->error = waiting[i].error;
      whose[i]->continued = std::move(waiting[i]);
    }
  }

  // What came of an entry with one method; the first one also pays for what was written.
  static void add_result(Entry& entry, Explanation result) {
    const Continued& continued = entry.continued;
    result.notes.insert(result.notes.begin(), continued.notes.begin(), continued.notes.end());
    if (entry.results.empty()) {
      result.cost.seconds += continued.cost.seconds;
      result.cost.forward_tokens += continued.cost.forward_tokens;
    }
    entry.results.push_back(std::move(result));
  }

  // Together if nothing goes wrong, which is nearly always; else one by one, so that an error is
  // that of its own text.
  void explain_all(std::vector<Entry>& entries) {
    std::vector<Entry*> open;
    for (Entry& entry : entries) {
      if (!entry.error) open.push_back(&entry);
    }
    write_first(open);
    try {
      explain_together(open);
    } catch (...) {
      if (is_fatal(std::current_exception())) throw;
      for (Entry* entry : open) {
        if (entry->error) continue;
        entry->results.clear();
        entry->plans.clear();
        guard(*entry, [&] { explain_together(std::span(&entry, 1)); });
      }
    }
    for (Entry& entry : entries) {
      if (entry.error) {
        settle(entry.error);
      } else if (planner_ != nullptr) {
        planner_->add(entry.results.front(), std::move(entry.plans));
      } else {
        if (examiner_ == nullptr) spot_check_.note(entry.input, entry.number, entry.results);
        for (Explanation& result : entry.results) stream_.done(std::move(result));
      }
      ++done_;
    }
  }

  void settle(const std::exception_ptr& error) const {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& known) {
      if (is_fatal(error) || !stream_.failed || !stream_.failed(done_, known)) throw;
    }
  }

  const Parts parts_;
  const Subject::Stream& stream_;
  const Request& request_;
  const std::vector<MethodRequest> requests_;
  TargetForms forms_;  // the request's
  Planner* const planner_;
  const Examiner* const examiner_;
  SpotCheck spot_check_;
  std::optional<Decoding> decoding_;  // where the model writes first
  std::int64_t done_ = 0;
  bool ended_ = false;
};

}  // namespace

void explain_stream(const Parts& parts, const Subject::Stream& stream, const Request& request,
                    const Examiner* examiner) {
  StreamRun(parts, stream, request, nullptr, examiner).run();
}

Plan plan_stream(const Parts& parts, const Subject::Stream& stream, const Request& request) {
  Planner planner(parts.model);
  StreamRun(parts, stream, request, &planner, nullptr).run();
  return std::move(planner).finish();
}

}  // namespace ascribo

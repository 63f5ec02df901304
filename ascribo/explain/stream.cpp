// SPDX-License-Identifier: MIT
// Reads inputs in handfuls, explains each handful at once, and hands results over in order.
#include "ascribo/explain/stream.h"

#include <chrono>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/masks.h"
#include "ascribo/explain/inputs/windows.h"

namespace ascribo {
namespace {

using Clock = std::chrono::steady_clock;

// Handfuls grow until one takes this long: large enough for full batches, small enough that
// progress moves and results appear.
constexpr double kLongEnough = 0.5;
constexpr std::size_t kFirstHandful = 4, kLargestHandful = 256;

// Something to explain, and what came of it.
struct Entry {
  Input input;
  std::exception_ptr error;
  std::optional<Explanation> result;
};

bool is_fatal(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.code() == Code::kCancelled || known.code() == Code::kIo;
  } catch (const std::exception&) {
    return false;
  } catch (...) {
    return true;
  }
}

class StreamRun {
 public:
  StreamRun(const Parts& parts, const Subject::Stream& stream, const Request& request)
      : parts_(parts), stream_(stream), request_(request), method_(find_method(request.method)) {
    std::tie(settings_, options_) = read_settings(request, method_);
    recipe_ = find_recipe(method_, settings_.compat);
    forms_ = read_targets(request.targets, settings_, parts.head());
    Score(settings_.score, link_of(parts.model.info()));
    Scorer scorer = make_scorer();
    method_.run(options_, {}, scorer);  // checks the method's options before any text is read
  }

  void run() {
    std::size_t handful = kFirstHandful;
    while (!ended_) {
      std::vector<Entry> entries = read(handful);
      const auto begin = Clock::now();
      explain_all(entries);
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      if (seconds > kLongEnough && handful > 1) handful /= 2;
      if (seconds < kLongEnough / 4 && handful < kLargestHandful) handful *= 2;
    }
    report();
  }

 private:
  Scorer make_scorer() {
    return {parts_.model, parts_.tokenizer, settings_.batch_tokens, [this] { report(); }};
  }

  void report() const {
    if (!stream_.progress || stream_.progress({done_, stream_.total})) return;
    fail(Code::kCancelled, "explain", "stopped after " + std::to_string(done_) + " texts", "");
  }

  std::vector<Entry> read(std::size_t count) {
    std::vector<Entry> entries;
    while (entries.size() < count && !ended_) {
      try {
        std::optional<Input> input = stream_.next();
        if (input) {
          entries.push_back({std::move(*input), nullptr, {}});
        } else {
          ended_ = true;
        }
      } catch (...) {
        entries.push_back({{}, std::current_exception(), {}});
        if (is_fatal(entries.back().error)) ended_ = true;
      }
    }
    return entries;
  }

  Task begin(const Input& input) const {
    Task task = prepare(input, parts_, settings_);
    task.result.method.name = method_.name;
    for (Task& window : task.windows) window.result.method.name = method_.name;
    take_masks(input, settings_, method_, task);
    if (recipe_ && !recipe_->note.empty()) task.note(std::string(recipe_->note));
    task.forms =
        input.targets.empty() ? forms_ : read_targets(input.targets, settings_, parts_.head());
    return task;
  }

  // Explains all at once. Errors in preparing are left in their entries; what fails later is
  // thrown, and leaves open whose it is.
  void explain_together(std::span<Entry* const> entries) {
    const auto start = Clock::now();
    std::vector<Task> tasks, ready;
    std::vector<Entry*> owners, ready_owners;
    for (Entry* entry : entries) {
      guard(*entry, [&] {
        tasks.push_back(begin(entry->input));
        owners.push_back(entry);
      });
    }
    Scorer scorer = make_scorer();
    predict(tasks, parts_, scorer);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      guard(*owners[i], [&] {
        set_targets(tasks[i], parts_);
        ready.push_back(std::move(tasks[i]));
        ready_owners.push_back(owners[i]);
      });
    }
    std::vector<Task> running = unpack(ready);
    method_.run(options_, running, scorer);
    repack(std::move(running), ready);
    for (Task& task : ready) stitch(task);
    share_time(ready, std::chrono::duration<double>(Clock::now() - start).count());
    for (std::size_t i = 0; i < ready.size(); ++i) {
      ready_owners[i]->result = std::move(ready[i].result);
    }
  }

  template <class Action>
  static void guard(Entry& entry, Action action) {
    try {
      action();
    } catch (...) {
      entry.error = std::current_exception();
    }
  }

  static void share_time(std::vector<Task>& tasks, double seconds) {
    std::int64_t all = 0;
    const auto tokens = [](const Task& task) {
      return task.result.cost.forward_tokens + task.result.cost.backward_tokens;
    };
    for (const Task& task : tasks) all += tokens(task);
    for (Task& task : tasks) {
      task.result.cost.seconds =
          seconds * static_cast<double>(tokens(task)) / static_cast<double>(all);
    }
  }

  // Together if nothing goes wrong, which is nearly always; else one by one, so that an error is
  // that of its own text.
  void explain_all(std::vector<Entry>& entries) {
    std::vector<Entry*> open;
    for (Entry& entry : entries) {
      if (!entry.error) open.push_back(&entry);
    }
    try {
      explain_together(open);
    } catch (...) {
      if (is_fatal(std::current_exception())) throw;
      for (Entry* entry : open) {
        if (entry->error) continue;
        guard(*entry, [&] { explain_together(std::span(&entry, 1)); });
      }
    }
    for (Entry& entry : entries) {
      if (entry.error) {
        settle(entry.error);
      } else {
        stream_.done(std::move(*entry.result));
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
  const Method& method_;
  Settings settings_;
  OptionValues options_;
  std::optional<Recipe> recipe_;
  TargetForms forms_;
  std::int64_t done_ = 0;
  bool ended_ = false;
};

}  // namespace

void explain_stream(const Parts& parts, const Subject::Stream& stream, const Request& request) {
  StreamRun(parts, stream, request).run();
}

}  // namespace ascribo

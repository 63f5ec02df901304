// SPDX-License-Identifier: MIT
// Puts saved scores back where they came from, after proof that they belong there.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/task.h"
#include "ascribo/metrics/parts/filled_scores.h"
#include "ascribo/models/model.h"

namespace ascribo {
namespace {

[[noreturn]] void fail_other(const std::string& given, const std::string& expected) {
  fail(Code::kInvalidArgument, "explanation", given, expected,
       "scores can only be judged with the tokenizer and model that they were made with");
}

std::string place(std::int64_t start, std::int64_t end) {
  return " at " + std::to_string(start) + " to " + std::to_string(end);
}

void check_tokens(const Explanation& saved, const Explanation& own) {
  if (saved.tokens.size() != own.tokens.size()) {
    fail_other("it has " + std::to_string(saved.tokens.size()) + " tokens",
               "expected the " + std::to_string(own.tokens.size()) +
                   " that this tokenizer makes of the text");
  }
  for (std::size_t i = 0; i < own.tokens.size(); ++i) {
    const TokenInfo &a = saved.tokens[i], &b = own.tokens[i];
    if (a.id == b.id && a.side == b.side && a.start == b.start && a.end == b.end) continue;
    fail_other("its token " + std::to_string(i) + " is \"" + a.text + "\" (" +
                   std::to_string(a.id) + ")" + place(a.start, a.end),
               "expected \"" + b.text + "\" (" + std::to_string(b.id) + ")" +
                   place(b.start, b.end) + ", as this tokenizer reads the text");
  }
}

void check_units(const Explanation& saved, const Explanation& own) {
  if (saved.units.size() != own.units.size()) {
    fail_other("it has " + std::to_string(saved.units.size()) + " units",
               "expected the " + std::to_string(own.units.size()) + " that the text has here");
  }
  for (std::size_t i = 0; i < own.units.size(); ++i) {
    const UnitInfo &a = saved.units[i], &b = own.units[i];
    if (a.side == b.side && a.start == b.start && a.end == b.end && a.tokens == b.tokens) continue;
    fail_other("its unit " + std::to_string(i) + " is \"" + a.text + "\"" + place(a.start, a.end),
               "expected \"" + b.text + "\"" + place(b.start, b.end));
  }
}

void check_target(const Attribution& saved, const Attribution& own, std::size_t units) {
  if (saved.index != own.index || saved.position != own.position) {
    fail_other("it explains \"" + saved.target + "\" (" + std::to_string(saved.index) + ")",
               "expected \"" + own.target + "\" (" + std::to_string(own.index) + ")");
  }
  if (saved.scores.size() == units) return;
  fail_other(
      "it has " + std::to_string(saved.scores.size()) + " scores for \"" + saved.target + "\"",
      "expected one for each of the " + std::to_string(units) + " units");
}

}  // namespace

void fill_saved(const Explanation& saved, Task& task) {
  Explanation& own = task.result;
  check_tokens(saved, own);
  check_units(saved, own);
  if (saved.attributions.size() != own.attributions.size()) {
    fail_other("it explains " + std::to_string(saved.attributions.size()) + " targets",
               "expected " + std::to_string(own.attributions.size()));
  }
  for (std::size_t k = 0; k < own.attributions.size(); ++k) {
    Attribution& attribution = own.attributions[k];
    const Attribution& from = saved.attributions[k];
    check_target(from, attribution, own.units.size());
    if (!task.parts.empty()) attribution.value = from.value;  // as its parts came to it
    attribution.scores = from.scores;
    attribution.special = from.special;
    attribution.baseline_value = from.baseline_value;
    attribution.delta = from.delta;
    attribution.standard_error = from.standard_error;
  }
  own.method = saved.method;
}

namespace {

bool keeps_special(const Explanation& saved) {
  return std::any_of(saved.units.begin(), saved.units.end(), [&](const UnitInfo& unit) {
    return saved.unit != "all_tokens" && unit.tokens.size() == 1 &&
           unit.tokens[0] < static_cast<std::int64_t>(saved.tokens.size()) &&
           saved.tokens[static_cast<std::size_t>(unit.tokens[0])].special;
  });
}

// As --target would name it.
std::string target_of(const Attribution& attribution, HeadKind head) {
  if (attribution.index == kNoOutput) return attribution.target;
  std::string number = "#" + std::to_string(attribution.index);
  if (head == HeadKind::kSequenceClassification) return number;
  if (head == HeadKind::kTokenClassification && attribution.position) {
    return "token:" + std::to_string(*attribution.position) + "=" + number;
  }
  if (head == HeadKind::kMaskedLanguageModel) return "mask=" + number;
  if (head == HeadKind::kCausalLanguageModel) return "next=" + number;
  return attribution.target;
}

// All of what was written is one target, or is compared with another continuation.
bool explains_output(const Explanation& saved) {
  return saved.output && saved.attributions.size() == 1 &&
         saved.attributions[0].target == saved.output->text;
}

bool has_output_units(const Explanation& saved) {
  return std::any_of(saved.units.begin(), saved.units.end(),
                     [](const UnitInfo& unit) { return unit.side == Side::kOutput; });
}

std::optional<std::string> versus_of(const Explanation& saved, HeadKind head) {
  if (saved.attributions.empty() || !saved.attributions[0].versus) return std::nullopt;
  const std::string& versus = *saved.attributions[0].versus;
  if (explains_output(saved) && !has_output_units(saved)) return "output=" + versus;
  return head == HeadKind::kMaskedLanguageModel ? "mask=" + versus : versus;
}

}  // namespace

Input saved_input(const Explanation& saved, HeadKind head) {
  const bool ids = !saved.input.input_ids.empty();  // the text is then theirs
  Input input{.text = ids ? "" : saved.input.text,
              .pair = saved.input.pair,
              .id = saved.input.id,
              .label = saved.input.label,
              .input_ids = saved.input.input_ids,
              .type_ids = saved.input.type_ids};
  if (saved.output) input.continuation_ids = saved.output->ids;
  if (explains_output(saved)) input.targets = {"output"};
  input.versus = versus_of(saved, head);
  if (!saved.output && head != HeadKind::kBase) {
    for (const Attribution& attribution : saved.attributions) {
      input.targets.push_back(target_of(attribution, head));
    }
  }
  if (saved.unit == "span") {
    for (const UnitInfo& unit : saved.units) {
      input.spans.push_back({unit.name, unit.side, unit.start, unit.end});
    }
  }
  return input;
}

Request saved_request(const Explanation& first, const OptionValues& options) {
  Request request{.method = "saliency"};  // only named: its place is taken by what was saved
  request.options = options;
  request.options["unit"] = first.unit;
  if (first.score != "cosine_similarity") request.options["score"] = first.score;
  if (keeps_special(first)) request.options["special"] = "keep";
  if (first.output && !has_output_units(first)) request.options["attribute"] = "prompt";
  return request;
}

namespace {

void check_alike(const Explanation& saved, const Explanation& first) {
  const auto check = [](const char* what, const std::string& given, const std::string& wanted) {
    if (given == wanted) return;
    fail(Code::kInvalidArgument, "explanation", std::string(what) + " is " + given,
         "expected " + wanted + ", as in the first", "judge them apart");
  };
  check("its unit", saved.unit, first.unit);
  check("its score", saved.score, first.score);
}

std::optional<Explanation> read_first(const SavedStream& stream, std::int64_t& unread) {
  while (true) {
    try {
      return stream.next();
    } catch (const Error& error) {
      const bool ends = error.code() == Code::kIo || error.code() == Code::kCancelled;
      if (ends || !stream.failed || !stream.failed(unread, error)) throw;
      ++unread;
    }
  }
}

}  // namespace

void evaluate_saved(const Subject& subject, const SavedStream& stream,
                    const std::vector<MetricRequest>& metrics, const OptionValues& options) {
  const HeadKind head = subject.model().info().head;
  std::int64_t unread = 0;  // before the first that can be read
  std::optional<Explanation> first = read_first(stream, unread);
  if (!first) return;
  const Explanation model = *first;
  std::map<std::int64_t, Explanation> open;
  std::int64_t number = 0;
  EvaluationStream inner;
  inner.next = [&]() -> std::optional<Input> {
    const std::int64_t own = number++;  // a row that cannot be read has a number, too
    std::optional<Explanation> saved = first ? std::exchange(first, std::nullopt) : stream.next();
    if (!saved) return std::nullopt;
    check_alike(*saved, model);
    Input input = saved_input(*saved, head);
    open.emplace(own, std::move(*saved));
    return input;
  };
  inner.done = [&](Evaluation evaluation) {
    evaluation.explanation = std::move(open.begin()->second);
    open.erase(open.begin());
    if (stream.done) stream.done(std::move(evaluation));
  };
  inner.failed = [&](std::int64_t which, const std::exception& error) {
    open.erase(which);
    return stream.failed && stream.failed(which + unread, error);
  };
  inner.progress = stream.progress;
  inner.total = stream.total;
  evaluate_filled(subject, inner, saved_request(model, options), metrics,
                  [&](std::int64_t which, Task& task) { fill_saved(open.at(which), task); });
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Explains a text a second time, in fp32, and puts the difference into words.
#include "ascribo/explain/precision/spot_check.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <numeric>
#include <optional>
#include <sstream>
#include <utility>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/inputs/contrast.h"
#include "ascribo/explain/stream.h"
#include "ascribo/ops/linear.h"

namespace ascribo {
namespace {

constexpr std::int64_t kFewTexts = 10, kEvery = 100;
constexpr std::size_t kTopUnits = 5;

std::string short_number(double value) {
  std::ostringstream text;
  text << std::setprecision(2) << value;
  return text.str();
}

// Places of scores from the largest to the smallest, without regard to sign; NaN comes last.
std::vector<std::size_t> by_size(const std::vector<float>& scores) {
  const auto size = [&](std::size_t i) {
    return std::isnan(scores[i]) ? -1.0f : std::abs(scores[i]);
  };
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  return order;
}

// Of one target: the largest difference relative to the largest score, and the first of the largest
// scores that has another place.
struct Difference {
  double share = 0;
  std::optional<std::size_t> place = {};
};

Difference difference(const std::vector<float>& rounded, const std::vector<float>& exact) {
  double most = 0, largest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (std::isnan(exact[i])) continue;
    largest = std::max(largest, std::abs(static_cast<double>(exact[i])));
    most = std::max(most, std::abs(static_cast<double>(rounded[i]) - exact[i]));
  }
  Difference result{.share = largest > 0 ? most / largest : 0};
  const std::vector<std::size_t> a = by_size(rounded), b = by_size(exact);
  for (std::size_t i = 0; i < std::min(kTopUnits, a.size()) && !result.place; ++i) {
    if (a[i] != b[i]) result.place = i;
  }
  return result;
}

bool is_same_target(const Attribution& a, const Attribution& b) {
  return a.index == b.index && a.position == b.position && a.target == b.target;
}

bool is_comparable(const Explanation& a, const Explanation& b) {
  return std::equal(a.attributions.begin(), a.attributions.end(), b.attributions.begin(),
                    b.attributions.end(), [](const Attribution& x, const Attribution& y) {
                      return is_same_target(x, y) && x.scores.size() == y.scores.size();
                    });
}

}  // namespace

std::string compare_precisions(const Explanation& rounded, const Explanation& exact) {
  if (!is_comparable(rounded, exact)) return "in fp32 other targets are explained";
  Difference worst;
  for (std::size_t i = 0; i < exact.attributions.size(); ++i) {
    const Difference each =
        difference(rounded.attributions[i].scores, exact.attributions[i].scores);
    worst.share = std::max(worst.share, each.share);
    if (each.place && (!worst.place || *each.place < *worst.place)) worst.place = each.place;
  }
  const std::size_t units =
      exact.attributions.empty() ? 0 : exact.attributions.front().scores.size();
  std::string text = "in fp32 no score differs by more than " + short_number(100 * worst.share) +
                     " % of the largest, and the order of the " +
                     std::to_string(std::min(kTopUnits, units)) + " largest ";
  if (!worst.place) return text + "is the same";
  return text + "changes from place " + std::to_string(*worst.place + 1) + " on";
}

SpotCheck::SpotCheck(const Parts& parts, const Request& request,
                     std::span<const MethodRequest> methods, std::int64_t total)
    : parts_(parts), request_(request), methods_(methods), total_(total), last_(methods.size()) {}

bool SpotCheck::is_due(const Settings& settings, std::int64_t number) const {
  const bool few = total_ >= 0 && total_ < kFewTexts;
  const std::int64_t every = settings.spot_check.value_or(few ? 0 : kEvery);
  return every > 0 && number % every == 0;
}

void SpotCheck::note(const Input& input, std::int64_t number, std::span<Explanation> results) {
  for (std::size_t m = 0; m < methods_.size(); ++m) {
    const Settings& settings = methods_[m].settings;
    if (settings.precision == Precision::kFp32) continue;
    Explanation& result = results[m];
    if (!ops::has_bf16_products()) {
      result.notes.emplace_back(
          "precision: this CPU does not multiply bf16; products were computed in fp32");
      continue;
    }
    std::string found;
    if (is_due(settings, number)) {
      found = check_scores(input, methods_[m], result);
      last_[m] = "of text " + std::to_string(number + 1) + ", " + found;
    } else if (!last_[m].empty()) {
      found = last_[m];
    } else if (settings.spot_check != 0) {
      found = check_values(input, settings, result);
    }
    result.notes.push_back("precision: products in " + std::string(enum_name(settings.precision)) +
                           (found.empty() ? "" : "; " + found));
  }
}

std::string SpotCheck::check_scores(const Input& input, const MethodRequest& method,
                                    const Explanation& rounded) const {
  Request request{.method = std::string(method.method->name),
                  .targets = request_.targets,
                  .functions = request_.functions};
  for (const OptionInfo& option : request_options()) {
    const auto given = request_.options.find(option.name);
    if (given != request_.options.end()) request.options.insert(*given);
  }
  for (const auto& [name, value] : method.options) {
    if (request_.options.contains(name)) request.options.emplace(name, value);
  }
  request.options.erase("precision");
  request.options.erase("spot_check");
  std::optional<Explanation> exact;
  Subject::Stream stream;
  stream.next = [&, given = false]() mutable -> std::optional<Input> {
    return std::exchange(given, true) ? std::nullopt : std::optional(input);
  };
  stream.done = [&](Explanation result) { exact = std::move(result); };
  explain_stream(parts_, stream, request);
  return compare_precisions(rounded, *exact);
}

// Of the scores of the text as it is: one forward.
std::string SpotCheck::check_values(const Input& input, const Settings& settings,
                                    const Explanation& rounded) const {
  Task task = prepare(input, parts_, settings);
  task.forms = read_targets(request_, input, settings, parts_.head());
  split_contrast(task, input, parts_, settings);
  Scorer scorer(parts_.model, parts_.tokenizer, settings.batch_tokens);
  predict(std::span(&task, 1), parts_, scorer);
  set_targets(task, parts_);
  const std::vector<Attribution>& exact = task.result.attributions;
  double most = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (i >= rounded.attributions.size() || !is_same_target(exact[i], rounded.attributions[i])) {
      return "in fp32 other targets are explained";
    }
    most = std::max(most, std::abs(exact[i].value - rounded.attributions[i].value));
  }
  return "in fp32 the text's own score differs by " + short_number(most) +
         "; the option spot_check=1 compares all of them";
}

}  // namespace ascribo

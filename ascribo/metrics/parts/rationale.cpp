// SPDX-License-Identifier: MIT
// Finds the units of a rationale and compares them with those ranked highest.
#include "ascribo/metrics/parts/rationale.h"

#include <algorithm>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/subject.h"
#include "ascribo/explain/task.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

const OptionSet<TopOptions>& top_options() {
  static const OptionSet<TopOptions> set =
      OptionSet<TopOptions>()
          .add("top", &TopOptions::top,
               "units that are compared: those ranked highest, if their scores are positive")
          .check([](std::int64_t top) { return top >= 1; }, "expected at least 1");
  return set;
}

std::string place(std::int64_t start, std::int64_t end) {
  return "(" + std::to_string(start) + " to " + std::to_string(end) + ")";
}

void check_inside(const Span& span, const UnitInfo& unit, std::string_view metric) {
  if (span.start <= unit.start && unit.end <= span.end) return;
  fail(Code::kInvalidArgument, metric,
       "the rationale " + place(span.start, span.end) + " begins or ends inside \"" + unit.text +
           "\" " + place(unit.start, unit.end),
       "expected whole units", "count in code points, or use a smaller --unit");
}

}  // namespace

std::vector<bool> human_units(const Task& task, const Input& input, std::string_view metric) {
  if (input.rationale.empty()) {
    fail(Code::kUnsupported, metric, "the text has no rationale",
         "expected \"rationale\": [[START, END], ...] in its row");
  }
  std::vector<bool> human(task.result.units.size(), false);
  for (const Span& span : input.rationale) {
    bool covers = false;
    for (std::size_t u = 0; u < human.size(); ++u) {
      const UnitInfo& unit = task.result.units[u];
      if (unit.side != span.side || unit.end <= span.start || span.end <= unit.start) continue;
      check_inside(span, unit, metric);
      human[u] = covers = true;
    }
    if (covers) continue;
    fail(Code::kInvalidArgument, metric,
         "the rationale " + place(span.start, span.end) + " covers no unit of the text",
         "expected offsets in code points, the end behind the last");
  }
  return human;
}

std::vector<Measure> run_plausibility(std::string_view metric, std::span<Task> tasks,
                                      std::span<const Judged> judged,
                                      double (*value)(const Supported& target, std::int64_t top),
                                      std::int64_t top) {
  std::vector<Measure> found;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    require_ranking(tasks[i], metric);
    const std::vector<bool> human = human_units(tasks[i], *judged[i].input, metric);
    std::vector<TargetMeasure> targets;
    for (const std::vector<double>& scores : judged[i].scores) {
      Supported target;
      for (const std::size_t unit : ranked_units(scores)) {
        target.scores.push_back(scores[unit]);
        target.human.push_back(human[unit]);
      }
      targets.push_back({value(target, top)});
    }
    found.push_back(mean_measure(metric, std::move(targets)));
  }
  return found;
}

Overlap overlap(const Supported& target, std::int64_t top) {
  Overlap found;
  for (std::size_t i = 0; i < target.scores.size(); ++i) {
    const bool chosen = static_cast<std::int64_t>(i) < top && target.scores[i] > 0;
    found.chosen += chosen;
    found.human += target.human[i];
    found.hits += chosen && target.human[i];
  }
  return found;
}

std::vector<OptionInfo> describe_top() { return top_options().describe(); }

std::int64_t read_top(std::string_view metric, const OptionValues& given) {
  return top_options().parse(metric, given).top;
}

}  // namespace ascribo

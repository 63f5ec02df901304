// SPDX-License-Identifier: MIT
// The table of metrics, made from the folder, and metrics as users ask for them.
#include <algorithm>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/option_set.h"
#include "ascribo/metrics/metric.h"

namespace ascribo {

#define X(stem) const Metric& metric_##stem();
#include "ascribo/metrics/table.inc"
#undef X

namespace {

std::vector<std::string> names_of(const std::vector<OptionInfo>& options) {
  std::vector<std::string> names;
  for (const OptionInfo& option : options) names.push_back(option.name);
  return names;
}

void read_option(std::string_view part, std::string_view whole, MetricRequest& request) {
  const std::size_t sign = part.find('=');
  const std::string metric(request.metric->name);
  const std::vector<std::string> names = names_of(request.metric->options());
  if (sign == std::string_view::npos || sign == 0) {
    fail(Code::kInvalidArgument, "metric",
         "\"" + std::string(part) + "\" was given in \"" + std::string(whole) + "\"",
         "expected OPTION=VALUE after each colon",
         names.empty() ? metric + " has no options"
                       : metric + " has the options " + listed(names, "and"));
  }
  const std::string name(part.substr(0, sign));
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    detail::fail_unknown_option(metric, name, names);
  }
  request.options[name] = part.substr(sign + 1);
}

// Whether what follows a colon begins with no option of its own.
bool part_ends_in_value(std::string_view rest) {
  return rest.substr(0, rest.find(':')).find('=') == std::string_view::npos;
}

void add_recipe(std::string_view library, MetricRequest& request) {
  if (library.empty() || request.metric->recipes == nullptr) return;
  for (const Recipe& recipe : request.metric->recipes()) {
    if (recipe.library != library) continue;
    for (const auto& [name, value] : recipe.options) request.options.emplace(name, value);
  }
}

}  // namespace

const std::vector<const Metric*>& metrics() {
  static const std::vector<const Metric*> table = {
#define X(stem) &metric_##stem(),
#include "ascribo/metrics/table.inc"
#undef X
  };
  return table;
}

const Metric& find_metric(std::string_view name) {
  std::vector<std::string> names;
  for (const Metric* metric : metrics()) {
    if (metric->name == name) return *metric;
    names.emplace_back(metric->name);
  }
  fail(Code::kUnknownName, "metric", "\"" + std::string(name) + "\" is not a metric",
       "expected " + listed(names, "or"), nearest_hint(name, names));
}

MetricRequest parse_metric(std::string_view text, std::string_view library) {
  MetricRequest request{.label = std::string(text)};
  std::size_t end = std::min(text.find(':'), text.size());
  request.metric = &find_metric(text.substr(0, end));
  while (end < text.size()) {
    const std::size_t begin = end + 1;
    end = std::min(text.find(':', begin), text.size());
    // A colon may be part of a value: replace=token:1.
    while (end < text.size() && part_ends_in_value(text.substr(end + 1))) {
      end = std::min(text.find(':', end + 1), text.size());
    }
    read_option(text.substr(begin, end - begin), text, request);
  }
  add_recipe(library, request);
  return request;
}

}  // namespace ascribo

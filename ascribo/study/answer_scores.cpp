// SPDX-License-Identifier: MIT
// Counts of hits.
#include "ascribo/study/answer_scores.h"

#include <algorithm>
#include <cmath>

namespace ascribo {
namespace {

double f1_of(Labels right, Labels given, std::int64_t label) {
  double hits = 0, found = 0, there = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    hits += right[i] == label && given[i] == label ? 1 : 0;
    found += given[i] == label ? 1 : 0;
    there += right[i] == label ? 1 : 0;
  }
  return found + there == 0 ? 0 : 2 * hits / (found + there);
}

struct Entity {
  std::size_t first = 0, end = 0;
  std::string_view kind;
  bool operator==(const Entity&) const = default;
};

std::vector<Entity> entities_in(Labels tags, std::span<const std::size_t> ends,
                                const std::vector<std::string>& names) {
  std::vector<Entity> found;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    bool inside = false;
    for (std::size_t i = begin; i < end; ++i) {
      const std::string_view name = names[static_cast<std::size_t>(tags[i])];
      const bool starts = name.starts_with("B-");
      if (!starts && !name.starts_with("I-")) {
        inside = false;
        continue;
      }
      const std::string_view kind = name.substr(2);
      if (starts || !inside || found.back().kind != kind) {
        found.push_back({i, i + 1, kind});
      } else {
        found.back().end = i + 1;
      }
      inside = true;
    }
    begin = end;
  }
  return found;
}

}  // namespace

double accuracy(Labels right, Labels given) {
  double hits = 0;
  for (std::size_t i = 0; i < right.size(); ++i) hits += right[i] == given[i] ? 1 : 0;
  return right.empty() ? 0 : hits / static_cast<double>(right.size());
}

double f1(Labels right, Labels given, std::int64_t labels) {
  if (labels <= 2) return f1_of(right, given, 1);
  double sum = 0;
  for (std::int64_t label = 0; label < labels; ++label) sum += f1_of(right, given, label);
  return sum / static_cast<double>(labels);
}

double matthews(Labels right, Labels given, std::int64_t labels) {
  std::vector<double> there(static_cast<std::size_t>(labels)), found(there.size());
  double hits = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    hits += right[i] == given[i] ? 1 : 0;
    ++there[static_cast<std::size_t>(right[i])];
    ++found[static_cast<std::size_t>(given[i])];
  }
  const auto count = static_cast<double>(right.size());
  double both = 0, there_squares = 0, found_squares = 0;
  for (std::size_t label = 0; label < there.size(); ++label) {
    both += there[label] * found[label];
    there_squares += there[label] * there[label];
    found_squares += found[label] * found[label];
  }
  const double width = (count * count - there_squares) * (count * count - found_squares);
  return width <= 0 ? 0 : (count * hits - both) / std::sqrt(width);
}

bool marks_entities(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return name.starts_with("B-") || name.starts_with("I-");
  });
}

double entity_f1(Labels right, Labels given, std::span<const std::size_t> ends,
                 const std::vector<std::string>& names) {
  const std::vector<Entity> there = entities_in(right, ends, names);
  const std::vector<Entity> found = entities_in(given, ends, names);
  double hits = 0;
  // Both ascend by where they begin.
  for (std::size_t i = 0, j = 0; i < there.size() && j < found.size();) {
    if (there[i].first == found[j].first) {
      hits += there[i++] == found[j++] ? 1 : 0;
    } else if (there[i].first < found[j].first) {
      ++i;
    } else {
      ++j;
    }
  }
  const auto all = static_cast<double>(there.size() + found.size());
  return all == 0 ? 0 : 2 * hits / all;
}

}  // namespace ascribo

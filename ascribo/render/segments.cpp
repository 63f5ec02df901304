// SPDX-License-Identifier: MIT
// Walks text and units side by side; offsets count code points, the text is bytes.
#include "ascribo/render/segments.h"

#include <algorithm>
#include <string_view>

#include "ascribo/render/evidence.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

struct Place {
  std::int64_t start, end;
  std::size_t unit;
  bool inserted;
};

// Units without text stand where the unit before them ended: tokenizers give special tokens the
// offsets 0, 0 wherever they are.
std::vector<Place> places(const Explanation& explanation, Side side) {
  std::vector<Place> result;
  std::int64_t reached = 0;
  for (std::size_t index = 0; index < explanation.units.size(); ++index) {
    const UnitInfo& unit = explanation.units[index];
    if (unit.side != side) continue;
    const bool inserted = unit.end <= unit.start;
    const std::int64_t start = inserted ? std::max(reached, unit.start) : unit.start;
    const std::int64_t end = inserted ? start : unit.end;
    reached = std::max(reached, end);
    result.push_back({start, end, index, inserted});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const Place& a, const Place& b) { return a.start < b.start; });
  return result;
}

/// Takes pieces off the front of a text, counting code points.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : rest_(text) {}

  std::string until(std::int64_t end) {
    std::size_t bytes = 0;
    while (at_ < end && bytes < rest_.size()) {
      bytes += decode_first(rest_.substr(bytes)).length;
      ++at_;
    }
    std::string piece(rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
    return piece;
  }

  std::string remainder() const { return std::string(rest_); }

 private:
  std::string_view rest_;
  std::int64_t at_ = 0;
};

}  // namespace

std::vector<Segment> segments(const Explanation& explanation, Side side) {
  std::vector<Segment> result;
  Cutter cutter(side_text(explanation, side));
  const auto add = [&](std::string text, std::optional<std::size_t> unit) {
    if (!text.empty()) result.push_back({std::move(text), unit, false});
  };
  for (const Place& place : places(explanation, side)) {
    add(cutter.until(place.start), {});
    if (place.inserted) {
      result.push_back({unit_name(explanation, place.unit), place.unit, true});
    } else {
      add(cutter.until(place.end), place.unit);
    }
  }
  add(cutter.remainder(), {});
  return result;
}

}  // namespace ascribo

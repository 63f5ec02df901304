// SPDX-License-Identifier: MIT
// Ranges of rows by seed: searched, united, and added into each other.
#include "ascribo/graph/gradient_rows.h"

#include <algorithm>
#include <iterator>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

// Ascending ranges with those that touch or overlap made one.
std::vector<RowRange> merged(std::vector<RowRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const RowRange& a, const RowRange& b) { return a.row < b.row; });
  std::vector<RowRange> result;
  for (const RowRange& range : ranges) {
    if (range.count == 0) continue;
    if (result.empty() || result.back().row + result.back().count < range.row) {
      result.push_back(range);
      continue;
    }
    RowRange& last = result.back();
    last.count = std::max(last.count, range.row + range.count - last.row);
  }
  return result;
}

template <class T>
void add_rows_as(const Tensor& gradient, const GradientRows& own, Tensor& sum,
                 const GradientRows& all) {
  const std::int64_t width = own.size() == 0 ? 0 : gradient.numel() / own.size();
  const T* from = gradient.data<T>();
  T* to = sum.mutable_data<T>();
  for (std::int64_t seed = 0; seed < own.seeds(); ++seed) {
    for (const GradientRows::Range& range : own.of(seed)) {
      const auto place = all.within(seed, range.row, range.row + range.count);
      ASCRIBO_ASSERT(place && place->count == range.count);
      const T* source = from + range.at * width;
      T* target = to + place->at * width;
      for (std::int64_t i = 0; i < range.count * width; ++i) target[i] += source[i];
    }
  }
}

}  // namespace

GradientRows::GradientRows(std::int64_t rows, const std::vector<std::vector<RowRange>>& by_seed)
    : rows_(rows) {
  for (const std::vector<RowRange>& seed : by_seed) {
    for (const RowRange& range : merged(seed)) {
      ASCRIBO_ASSERT(range.row >= 0 && range.row + range.count <= rows);
      ranges_.push_back({range.row, range.count, size_});
      size_ += range.count;
    }
    starts_.push_back(ranges_.size());
  }
}

GradientRowsPtr GradientRows::all(std::int64_t seeds, std::int64_t rows) {
  return std::make_shared<GradientRows>(
      rows, std::vector<std::vector<RowRange>>(static_cast<std::size_t>(seeds), {{0, rows}}));
}

GradientRowsPtr GradientRows::either(const GradientRowsPtr& a, const GradientRowsPtr& b) {
  if (a == nullptr || b == nullptr) return a ? a : b;
  if (a == b || a->full() || *a == *b) return a;
  if (b->full()) return b;
  ASCRIBO_ASSERT(a->rows() == b->rows() && a->seeds() == b->seeds());
  std::vector<std::vector<RowRange>> by_seed(static_cast<std::size_t>(a->seeds()));
  for (std::int64_t seed = 0; seed < a->seeds(); ++seed) {
    auto& ranges = by_seed[static_cast<std::size_t>(seed)];
    for (const GradientRows* each : {a.get(), b.get()}) {
      for (const Range& range : each->of(seed)) ranges.push_back({range.row, range.count});
    }
  }
  return std::make_shared<GradientRows>(a->rows(), by_seed);
}

std::span<const GradientRows::Range> GradientRows::of(std::int64_t seed) const {
  const auto at = static_cast<std::size_t>(seed);
  return std::span(ranges_).subspan(starts_[at], starts_[at + 1] - starts_[at]);
}

std::span<const GradientRows::Range> GradientRows::meeting(std::int64_t seed, std::int64_t begin,
                                                           std::int64_t end) const {
  const std::span<const Range> ranges = of(seed);
  const auto first = std::partition_point(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.row + range.count <= begin;
  });
  const auto last = std::partition_point(first, ranges.end(),
                                         [&](const Range& range) { return range.row < end; });
  return {first, last};
}

std::optional<GradientRows::Range> GradientRows::within(std::int64_t seed, std::int64_t begin,
                                                        std::int64_t end) const {
  const std::span<const Range> ranges = meeting(seed, begin, end);
  if (begin >= end || ranges.empty()) return Range{begin, 0, 0};
  if (ranges.size() > 1) return std::nullopt;
  const Range& range = ranges.front();
  const std::int64_t row = std::max(begin, range.row);
  const std::int64_t last = std::min(end, range.row + range.count);
  return Range{row, last - row, range.at + row - range.row};
}

const std::vector<std::int64_t>& GradientRows::sources() const {
  std::call_once(sources_once_, [&] {
    sources_.reserve(static_cast<std::size_t>(size_));
    for (const Range& range : ranges_) {
      for (std::int64_t i = 0; i < range.count; ++i) sources_.push_back(range.row + i);
    }
  });
  return sources_;
}

bool GradientRows::operator==(const GradientRows& other) const {
  return rows_ == other.rows_ && starts_ == other.starts_ && ranges_ == other.ranges_;
}

Shape GradientRows::shape(const Shape& value) const {
  ASCRIBO_ASSERT(!value.empty() && value.front() == rows_);
  Shape result = full() ? Shape{seeds(), rows_} : Shape{size_};
  result.insert(result.end(), std::next(value.begin()), value.end());
  return result;
}

void add_rows(const Tensor& gradient, const GradientRows& own, Tensor& sum,
              const GradientRows& all) {
  if (sum.dtype() == Dtype::kF32) {
    add_rows_as<float>(gradient, own, sum, all);
  } else {
    add_rows_as<double>(gradient, own, sum, all);
  }
}

}  // namespace ascribo

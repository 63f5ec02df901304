// SPDX-License-Identifier: MIT
// Percentile bootstrap over texts (Efron 1979), paired sign-flip tests (Fisher 1935), corrected for
// their number by Holm's steps (1979).
#include "ascribo/metrics/comparison/summarize.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "ascribo/base/rng.h"

namespace ascribo {
namespace {

constexpr std::uint64_t kBootstrap = 0x626f6f74, kSigns = 0x7369676e;
constexpr std::size_t kResamples = 1000, kFlips = 2000;
constexpr double kLevel = 0.05;

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Values of one row and column, text by text; NaN where a text has none.
using Values = std::vector<double>;

struct RowData {
  ComparisonRow row;
  std::vector<Values> columns;
};

Values column_values(const std::vector<TextRecord>& records, std::size_t method, std::size_t column,
                     std::size_t ranking) {
  Values values;
  for (const TextRecord& record : records) {
    values.push_back(record.methods.at(method).metrics.at(column).values[ranking]);
  }
  return values;
}

std::vector<double> mean_curve(const std::vector<TextRecord>& records, std::size_t method,
                               std::size_t column, std::size_t ranking) {
  std::vector<double> sum;
  double count = 0;
  for (const TextRecord& record : records) {
    const std::vector<double>& curve = record.methods[method].metrics[column].curves[ranking];
    if (curve.empty()) continue;
    sum.resize(curve.size(), 0.0);
    for (std::size_t i = 0; i < curve.size() && i < sum.size(); ++i) sum[i] += curve[i];
    ++count;
  }
  for (double& each : sum) each /= count;
  return sum;
}

Values present(const Values& values) {
  Values found;
  std::copy_if(values.begin(), values.end(), std::back_inserter(found),
               [](double value) { return !std::isnan(value); });
  return found;
}

RowData make_row(const std::vector<TextRecord>& records, const std::string& method,
                 std::size_t place, std::size_t ranking, const Comparison& comparison) {
  const std::size_t which = static_cast<std::size_t>(ranking);
  static constexpr auto& kNames = EnumNames<Ranking>::kNames;
  RowData data;
  data.row.ranking = kNames[which];
  const bool own = ranking <= static_cast<std::size_t>(Ranking::kReversed);
  if (own) data.row.method = method;
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
    data.columns.push_back(column_values(records, place, c, which));
    const Values values = present(data.columns.back());
    std::optional<ComparisonCell>& cell = data.row.cells.emplace_back();
    if (values.empty()) continue;
    cell = summarize_values(values, comparison.seed);
    cell->curve = mean_curve(records, place, c, which);
  }
  if (ranking == 0) {
    const auto texts = static_cast<double>(records.size());
    for (const TextRecord& record : records) {
      data.row.seconds += record.methods[place].seconds / texts;
      data.row.forwards += static_cast<double>(record.methods[place].forwards) / texts;
      data.row.backwards += static_cast<double>(record.methods[place].backwards) / texts;
    }
  }
  return data;
}

bool has_cells(const ComparisonRow& row) {
  return std::any_of(row.cells.begin(), row.cells.end(),
                     [](const auto& cell) { return cell.has_value(); });
}

// Smallest p first: each times the number of those not below it, never falling.
void correct(std::vector<ComparisonDifference>& column) {
  std::vector<std::size_t> order(column.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return column[a].p < column[b].p; });
  double highest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ComparisonDifference& each = column[order[i]];
    highest = std::max(highest, std::min(1.0, each.p * static_cast<double>(order.size() - i)));
    each.p = highest;
    each.significant = each.p < kLevel;
  }
}

std::vector<ComparisonDifference> compare_column(const std::vector<RowData>& rows, std::size_t c,
                                                 std::uint64_t seed) {
  std::vector<ComparisonDifference> found;
  for (std::size_t a = 0; a < rows.size(); ++a) {
    for (std::size_t b = a + 1; b < rows.size(); ++b) {
      if (rows[a].row.ranking == "reversed" || rows[b].row.ranking == "reversed") continue;
      Values differences;
      for (std::size_t t = 0; t < rows[a].columns[c].size(); ++t) {
        const double difference = rows[a].columns[c][t] - rows[b].columns[c][t];
        if (!std::isnan(difference)) differences.push_back(difference);
      }
      if (differences.empty()) continue;
      const ComparisonCell cell = summarize_values(differences, seed);
      found.push_back({c, a, b, cell.mean, cell.low, cell.high, sign_flip_p(differences, seed)});
    }
  }
  correct(found);
  return found;
}

// Of the methods those that no other one is significantly better than.
void mark_best(std::vector<RowData>& rows, const std::vector<ComparisonDifference>& differences,
               const Comparison& comparison) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].row.ranking != "method") continue;
    for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
      if (!rows[r].row.cells[c] || comparison.columns[c].direction == "neither") continue;
      const double sign = comparison.columns[c].direction == "higher" ? 1 : -1;
      rows[r].row.cells[c]->best = std::none_of(
          differences.begin(), differences.end(), [&](const ComparisonDifference& each) {
            if (each.column != c || !each.significant) return false;
            if (each.first != r && each.second != r) return false;
            const std::size_t other = each.first == r ? each.second : each.first;
            const double gain = sign * (each.first == r ? each.mean : -each.mean);
            return rows[other].row.ranking == "method" && gain < 0;
          });
    }
  }
}

}  // namespace

ComparisonCell summarize_values(const std::vector<double>& values, std::uint64_t seed) {
  ComparisonCell cell;
  const std::size_t n = values.size();
  cell.texts = static_cast<std::int64_t>(n);
  cell.mean = cell.low = cell.high = mean(values);
  if (n < 2) return cell;
  double squares = 0;
  for (const double value : values) squares += (value - cell.mean) * (value - cell.mean);
  cell.standard_error = std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
  std::vector<double> means;
  for (std::size_t i = 0; i < kResamples; ++i) {
    Rng random(seed, {kBootstrap, n, i});
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) sum += values[random.below(n)];
    means.push_back(sum / static_cast<double>(n));
  }
  std::sort(means.begin(), means.end());
  cell.low = means[static_cast<std::size_t>(kLevel / 2 * kResamples)];
  cell.high = means[static_cast<std::size_t>((1 - kLevel / 2) * kResamples) - 1];
  return cell;
}

double sign_flip_p(const std::vector<double>& differences, std::uint64_t seed) {
  const double observed = std::abs(mean(differences));
  const double slack = 1e-12 * (1 + observed);  // a sum in another order is the same sum
  std::size_t as_far = 0;
  for (std::size_t i = 0; i < kFlips; ++i) {
    Rng random(seed, {kSigns, differences.size(), i});
    double sum = 0;
    for (const double difference : differences) {
      sum += random.below(2) == 0 ? difference : -difference;
    }
    as_far += std::abs(sum / static_cast<double>(differences.size())) >= observed - slack;
  }
  return static_cast<double>(as_far + 1) / static_cast<double>(kFlips + 1);
}

void summarize(std::vector<TextRecord> records, const std::vector<std::string>& methods,
               Comparison& comparison) {
  std::sort(records.begin(), records.end(),
            [](const TextRecord& a, const TextRecord& b) { return a.number < b.number; });
  const auto all = records.size();
  std::erase_if(records, [](const TextRecord& record) { return !record.error.empty(); });
  comparison.texts = static_cast<std::int64_t>(records.size());
  comparison.skipped = static_cast<std::int64_t>(all - records.size());
  for (const TextRecord& record : records) {
    comparison.examples.insert(comparison.examples.end(), record.example.begin(),
                               record.example.end());
  }
  if (records.empty()) return;
  comparison.unit = records.front().unit;
  comparison.score = records.front().score;
  std::vector<RowData> rows;
  for (const Ranking ranking :
       {Ranking::kMethod, Ranking::kReversed, Ranking::kRandom, Ranking::kLength}) {
    const bool own = ranking == Ranking::kMethod || ranking == Ranking::kReversed;
    for (std::size_t m = 0; m < (own ? methods.size() : 1); ++m) {
      RowData row = make_row(records, methods[m], m, static_cast<std::size_t>(ranking), comparison);
      if (has_cells(row.row)) rows.push_back(std::move(row));
    }
  }
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
    const auto column = compare_column(rows, c, comparison.seed);
    comparison.differences.insert(comparison.differences.end(), column.begin(), column.end());
  }
  mark_best(rows, comparison.differences, comparison);
  for (RowData& each : rows) comparison.rows.push_back(std::move(each.row));
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The result of comparing methods by metrics on a data set: plain numbers, ready to be shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ascribo {

/// A metric as it heads a column.
struct ComparisonColumn {
  std::string label;      ///< as it was asked for
  std::string direction;  ///< "higher", "lower" or "neither" is better
  std::string summary;
  std::string steps = "units";  ///< what its curves go through, from none to all
};

/// What a metric says of a row, over texts.
struct ComparisonCell {
  std::int64_t texts = 0;
  double mean = 0;
  double standard_error = 0;  ///< of the mean, over texts
  double low = 0, high = 0;   ///< 95 % bootstrap interval of the mean
  bool best = false;          ///< of the methods, and none is significantly better
  /// The mean curve at even shares of the column's steps, from none to all; empty: none.
  std::vector<double> curve = {};
};

/// A method, or a ranking that methods are compared with.
struct ComparisonRow {
  std::string method;   ///< empty for random and length
  std::string ranking;  ///< "method", "reversed", "random" or "length"
  std::vector<std::optional<ComparisonCell>> cells = {};  ///< one for each column
  double seconds = 0, forwards = 0, backwards = 0;        ///< per text; of methods
  std::string name() const {
    return ranking == "method" ? method : method.empty() ? ranking : method + ", " + ranking;
  }
};

/// Two rows by one metric, text by text.
struct ComparisonDifference {
  std::size_t column = 0, first = 0, second = 0;  ///< indices of columns and rows
  double mean = 0;                                ///< of first minus second
  double low = 0, high = 0;                       ///< 95 % bootstrap interval
  double p = 1;  ///< of a paired sign-flip test, corrected over the pairs of the column (Holm)
  bool significant = false;  ///< p below 0.05
};

/// A text with what each method gave its units.
struct ComparisonExample {
  std::string text, target;
  std::vector<std::string> units;
  std::vector<std::string> methods;
  std::vector<std::vector<double>> scores;  ///< `[methods][units]`
};

struct Comparison {
  std::string model, data;
  std::string unit = {}, score = {}, target = {};
  std::int64_t texts = 0, skipped = 0;
  std::uint64_t seed = 0;
  std::vector<ComparisonColumn> columns = {};
  std::vector<ComparisonRow> rows = {};
  std::vector<ComparisonDifference> differences = {};
  std::vector<ComparisonExample> examples = {};
};

}  // namespace ascribo

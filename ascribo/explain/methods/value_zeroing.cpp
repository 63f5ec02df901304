// SPDX-License-Identifier: MIT
// Value zeroing: how far each token's output of a layer turns when the layer cannot use another
// token's value vectors,
//   Z_l[i, j] = 1 - cos(y_i, y_i without the values of j),
// every layer given its input as it was; rows divided by their sums, and multiplied out through all
// layers. (Mohebbi, Zuidema, Chrupala, Alishahi 2023)
#include <algorithm>
#include <cmath>
#include <vector>

#include "ascribo/explain/decompose/norm_map.h"
#include "ascribo/explain/decompose/token_tables.h"

namespace ascribo {
namespace {

// Angles smaller than rounding makes them are none.
constexpr double kLeastDistance = 1e-5;

struct Options : RowOptions {
  Rollout rollout = Rollout::kYes;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      with_row_options(OptionSet<Options>().add("rollout", &Options::rollout, kRolloutHelp));
  return set;
}

// Several copies of one text, one below the other; each lacks the values of a token of its own.
struct Copies {
  std::int64_t first = 0, count = 0, tokens = 0;
};

Tensor without_values(const Tensor& values, const Copies& copies) {
  Tensor changed = values.clone();
  const std::int64_t cols = values.cols();
  for_type(values.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t c = 0; c < copies.count; ++c) {
      const std::int64_t row = c * copies.tokens + copies.first + c;
      std::fill_n(changed.mutable_data<T>() + row * cols, cols, zero);
    }
  });
  return changed;
}

Tensor repeated(const Tensor& clean, std::int64_t count) {
  Tensor all = Tensor::empty({count * clean.rows(), clean.cols()}, clean.dtype());
  for_type(clean.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t c = 0; c < count; ++c) {
      std::copy_n(clean.data<T>(), clean.numel(), all.mutable_data<T>() + c * clean.numel());
    }
  });
  return all;
}

double distance(const std::vector<double>& clean, std::size_t at, const std::vector<double>& other,
                std::size_t other_at, std::size_t width) {
  double dot = 0, own = 0, its = 0;
  for (std::size_t d = 0; d < width; ++d) {
    const double a = clean[at + d], b = other[other_at + d];
    dot += a * b;
    own += a * a;
    its += b * b;
  }
  const double turned = own > 0 && its > 0 ? 1 - dot / std::sqrt(own * its) : 0;
  return turned < kLeastDistance ? 0 : turned;
}

void compare(const Tensor& clean, const Tensor& changed, const Copies& copies, TokenTable& table) {
  const std::vector<double> a = clean.to_vector<double>(), b = changed.to_vector<double>();
  const auto width = static_cast<std::size_t>(clean.cols());
  for (std::size_t c = 0; c < static_cast<std::size_t>(copies.count); ++c) {
    for (std::size_t i = 0; i < table.size; ++i) {
      table.at(i, static_cast<std::size_t>(copies.first) + c) =
          distance(a, i * width, b, (c * table.size + i) * width, width);
    }
  }
}

void run_copies(Task& task, Scorer& scorer, const std::vector<Tensor>& clean, const Copies& copies,
                std::vector<TokenTable>& tables) {
  Run run;
  for (std::size_t n = 0; n < tables.size(); ++n) {
    run.edit({Tap::kAttnValue, static_cast<int>(n)}, [copies](const Variable& values) {
      return Variable(without_values(values.value(), copies));
    });
    run.edit({Tap::kHidden, static_cast<int>(n) + 1}, [&, n, copies](const Variable& output) {
      compare(clean[n], output.value(), copies, tables[n]);
      return Variable(repeated(clean[n], copies.count));
    });
  }
  const std::vector<Sequence> texts(static_cast<std::size_t>(copies.count), task.sequence);
  scorer.run_observed(task, texts, run);
}

std::vector<TokenTable> zero_values(Task& task, Scorer& scorer, const TransformerParts& parts) {
  std::vector<TokenTable> tables = LayerTables(task, parts).layers;
  std::vector<Tensor> clean(tables.size());
  walk_layers(task, scorer, parts, [&](const LayerView& view) { clean[view.index] = view.output; });
  Copies copies{.tokens = task.sequence.size()};
  const std::int64_t at_once = std::max<std::int64_t>(1, scorer.batch_tokens() / copies.tokens);
  for (; copies.first < copies.tokens; copies.first += copies.count) {
    copies.count = std::min(at_once, copies.tokens - copies.first);
    run_copies(task, scorer, clean, copies, tables);
  }
  for (TokenTable& table : tables) normalize_rows(table);
  return tables;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("value_zeroing", given);
  run_tables(find_method("value_zeroing"), options, tasks, scorer,
             [&](Task& task, const TransformerParts& parts) {
               task.result.method.options = option_set().values(options);
               const std::vector<TokenTable> layers = zero_values(task, scorer, parts);
               const std::vector<TokenTable> rollout = rolled_out(layers);
               add_tables(task, "distances", layers);
               add_tables(task, "rollout", rollout);
               set_row_scores(task, options.rollout == Rollout::kYes ? rollout : layers, options,
                              parts);
             });
}

}  // namespace

const Method& method_value_zeroing() {
  static const Method method{
      .name = "value_zeroing",
      .family = Family::kDecomposition,
      .summary =
          "How far a token's vector turns when a layer cannot use another token's values, "
          "multiplied out.",
      .formula =
          "a = row i of Z_L ... Z_1, Z_l[i, j] = 1 - cos(y_i, y_i without the values of j), rows "
          "divided by their sums",
      .paper =
          "Mohebbi, Zuidema, Chrupala, Alishahi 2023: Quantifying Context Mixing in Transformers",
      .cost = "1 forward per token, and 1",
      .is_signed = false,
      .tables = "distances: Z_l; rollout: Z_l ... Z_1",
      .scope = Scope::kTransformer,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// ALTI-Logit: exact shares of a logit. Where layers begin with their norms the last hidden state is
// a sum of what every block wrote; with the final norm's scale known, the logit is linear in it:
//   logit = u . L(x_0 + sum_l (sum_j sum_h A_h[i, j] V_j W_h + b_O + FFN_l)) + biases.
// The share of token j's vector in layer l is handed on to the input's tokens by the ALTI rollout
// of the layers below. (Ferrando, Gallego, Tsiamas, Costa-jussa 2023)
#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "ascribo/explain/decompose/layer_vectors.h"
#include "ascribo/explain/decompose/norm_map.h"
#include "ascribo/ops/decompose/linear_parts.h"

namespace ascribo {
namespace {

struct Options {
  Rollout rollout = Rollout::kYes;
  Aggregate aggregate = Aggregate::kSum;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = OptionSet<Options>()
                                            .add("rollout", &Options::rollout, kRolloutHelp)
                                            .add("aggregate", &Options::aggregate, kAggregateHelp);
  return set;
}

// The slope of one target's logit where it reads a row of the last layer, before the final norm.
struct Direction {
  std::size_t target = 0, row = 0;
  std::vector<double> slope;
  double whole = 0;  // slope . the row before the final norm
};

// What a target's logit is made of.
struct Shares {
  std::vector<std::vector<double>> tokens;  // of each layer's attention
  std::vector<double> first, blocks;        // of the input's own vectors; of each feed-forward
  double biases = 0;                        // of output projections
};

double dot(const std::vector<double>& a, const double* b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
}

// Slopes at the last hidden state, for all rows where there are any.
std::vector<Direction> find_directions(Task& task, Scorer& scorer) {
  std::vector<Direction> found;
  const TapPoint last{Tap::kHidden, static_cast<int>(scorer.model().info().layers)};
  scorer.run_alone(task, {last}, [&](const TapOutcome& outcome) {
    const Tensor& gradients = outcome.gradients.front();
    const auto width = static_cast<std::size_t>(gradients.cols());
    for (std::int64_t k = 0; k < outcome.count; ++k) {
      const std::vector<double> rows = gradients.slice(k, k + 1).to_vector<double>();
      for (std::size_t row = 0; row * width < rows.size(); ++row) {
        const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(row * width);
        std::vector<double> slope(begin, begin + static_cast<std::ptrdiff_t>(width));
        if (std::all_of(slope.begin(), slope.end(), [](double x) { return x == 0; })) continue;
        found.push_back(
            {outcome.first_target + static_cast<std::size_t>(k), row, std::move(slope)});
      }
    }
  });
  return found;
}

// Turns slopes of the last hidden state into those of what comes before the final norm: the
// transpose of scale L.
void pull_back(const Norm& norm, const std::vector<double>& scales, Direction& direction) {
  if (!norm.defined()) return;
  const std::vector<double> gamma = norm.factors().to_vector<double>();
  double mean = 0;
  for (std::size_t d = 0; d < gamma.size(); ++d) {
    direction.slope[d] *= gamma[d] * scales[direction.row];
    mean += direction.slope[d] / static_cast<double>(gamma.size());
  }
  if (!norm.beta.defined()) return;
  for (double& slope : direction.slope) slope -= mean;
}

// What every layer wrote, as far as the shares need it.
struct Record {
  Tensor probs, values, ffn_out;
  TokenTable contributions;
};

// sum_h A_h[i, j] V_j W_h . slope, for every j.
std::vector<double> token_shares(const Record& record, const std::vector<double>& matrix,
                                 std::int64_t head_count, const Direction& direction) {
  const auto tokens = static_cast<std::size_t>(record.values.rows());
  const auto columns = static_cast<std::size_t>(record.values.cols());
  const auto heads = static_cast<std::size_t>(head_count);
  std::vector<double> slope(columns, 0.0);
  for (std::size_t d = 0; d < direction.slope.size(); ++d) {
    for (std::size_t c = 0; c < columns; ++c) {
      slope[c] += direction.slope[d] * matrix[d * columns + c];
    }
  }
  const std::vector<double> values = record.values.to_vector<double>();
  const std::vector<double> probs = record.probs.to_vector<double>();
  const std::size_t width = columns / heads;
  std::vector<double> shares(tokens, 0.0);
  for (std::size_t h = 0; h < heads; ++h) {
    for (std::size_t j = 0; j < tokens; ++j) {
      double sum = 0;
      for (std::size_t c = h * width; c < (h + 1) * width; ++c) {
        sum += values[j * columns + c] * slope[c];
      }
      shares[j] += probs[(h * tokens + direction.row) * tokens + j] * sum;
    }
  }
  return shares;
}

// shares R: what token j of a layer's input has from the tokens of the text.
std::vector<double> handed_on(const std::vector<double>& shares, const TokenTable& rollout) {
  std::vector<double> result(shares.size(), 0.0);
  for (std::size_t j = 0; j < shares.size(); ++j) {
    for (std::size_t k = 0; k < shares.size(); ++k) result[k] += shares[j] * rollout.at(j, k);
  }
  return result;
}

void add(const std::vector<double>& more, std::vector<double>& sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

class Sharing {
 public:
  Sharing(Task& task, Scorer& scorer, const TransformerParts& parts, const Options& options)
      : task_(task), parts_(parts), options_(options), directions_(find_directions(task, scorer)) {
    const bool ran = walk_layers(task, scorer, parts, [&](const LayerView& view) { keep(view); });
    const auto tokens = static_cast<std::size_t>(task.sequence.size());
    const std::size_t layers = parts.layers.size();
    shares_.assign(task.targets.size(),
                   {std::vector(layers, std::vector<double>(tokens, 0.0)),
                    std::vector<double>(tokens, 0.0), std::vector<double>(layers, 0.0)});
    if (ran) share();
  }

  void report() const {
    const std::size_t layers = parts_.layers.size();
    const auto tokens = static_cast<std::int64_t>(task_.sequence.ids.size());
    const auto targets = static_cast<std::int64_t>(shares_.size());
    LayerTable attention{"shares", {targets, static_cast<std::int64_t>(layers) + 1, tokens}, {}};
    LayerTable blocks{"feed_forward", {targets, static_cast<std::int64_t>(layers)}, {}};
    for (std::size_t k = 0; k < shares_.size(); ++k) {
      const Shares& each = shares_[k];
      std::vector<double> sum = each.first;
      attention.data.insert(attention.data.end(), each.first.begin(), each.first.end());
      for (const std::vector<double>& layer : each.tokens) {
        add(layer, sum);
        attention.data.insert(attention.data.end(), layer.begin(), layer.end());
      }
      blocks.data.insert(blocks.data.end(), each.blocks.begin(), each.blocks.end());
      set_target(k, sum);
    }
    task_.result.layers = {std::move(attention), std::move(blocks)};
    task_.note("baseline_value is what no token has a share in: feed-forward blocks and biases");
  }

 private:
  void keep(const LayerView& view) {
    Record record{view.probs, view.values, view.ffn_out, TokenTable()};
    const bool last = view.index + 1 == parts_.layers.size();
    if (options_.rollout == Rollout::kYes && !last) {
      LayerVectors vectors = layer_vectors(view, AfterNorm::kFirst);
      record.contributions = alti_contributions(vectors, ops::VectorNorm::kL1);
    }
    if (view.index == 0) first_ = view.input;
    if (last) turn_back(view.layer->final_norm, before_norm(view));
    records_.push_back(std::move(record));
  }

  void turn_back(const Norm& norm, const Tensor& before) {
    const std::vector<double> scales = norm_scales(norm, before);
    const std::vector<double> rows = before.to_vector<double>();
    for (Direction& each : directions_) {
      pull_back(norm, scales, each);
      each.whole = dot(each.slope, &rows[each.row * each.slope.size()]);
    }
  }

  static Tensor before_norm(const LayerView& view) {
    Tensor sum = Tensor::empty(view.input.shape(), view.input.dtype());
    for_type(sum.dtype(), [&](auto zero) {
      using T = decltype(zero);
      for (std::int64_t at = 0; at < sum.numel(); ++at) {
        sum.mutable_data<T>()[at] =
            view.input.data<T>()[at] + view.attn_out.data<T>()[at] + view.ffn_out.data<T>()[at];
      }
    });
    return sum;
  }

  void share() {
    std::optional<TokenTable> rollout;
    for (std::size_t n = 0; n < records_.size(); ++n) {
      const Record& record = records_[n];
      const std::vector<double> matrix =
          ops::matrix_of(parts_.layers[n].attn_out).to_vector<double>();
      const std::vector<double> ffn = record.ffn_out.to_vector<double>();
      const Tensor bias = ops::bias_of(parts_.layers[n].attn_out);
      const std::vector<double> biases =
          bias.defined() ? bias.to_vector<double>() : std::vector<double>();
      for (const Direction& each : directions_) {
        std::vector<double> shares = token_shares(record, matrix, parts_.heads, each);
        if (rollout) shares = handed_on(shares, *rollout);
        add(shares, shares_[each.target].tokens[n]);
        shares_[each.target].blocks[n] += dot(each.slope, &ffn[each.row * each.slope.size()]);
        if (!biases.empty()) shares_[each.target].biases += dot(each.slope, biases.data());
      }
      if (record.contributions.size == 0) continue;
      rollout =
          rollout ? rolled_out({*rollout, record.contributions}).back() : record.contributions;
    }
    const std::vector<double> first = first_.to_vector<double>();
    for (const Direction& each : directions_) {
      shares_[each.target].first[each.row] += dot(each.slope, &first[each.row * each.slope.size()]);
    }
  }

  // What is no token's, feed-forward blocks and biases, stands in for a baseline: the shares add up
  // to the rest of the logit.
  void set_target(std::size_t target, const std::vector<double>& token_scores) const {
    const Shares& shares = shares_[target];
    Attribution& attribution = task_.result.attributions[target];
    double rest = shares.biases, whole = 0;
    for (const double block : shares.blocks) rest += block;
    for (const Direction& each : directions_) {
      if (each.target == target) whole += each.whole;
    }
    attribution.baseline_value = attribution.value - whole + rest;
    attribution.delta = std::accumulate(token_scores.begin(), token_scores.end(), rest) - whole;
    set_scores(task_, target, token_scores, options_.aggregate);
  }

  Task& task_;
  const TransformerParts& parts_;
  const Options& options_;
  std::vector<Direction> directions_;
  std::vector<Record> records_;
  Tensor first_;
  std::vector<Shares> shares_;
};

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("alti_logit", given);
  const TransformerParts& parts = structure_of(scorer.model(), find_method("alti_logit"));
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    if (task.keep_values) task.note("values: alti_logit has none");
    Sharing(task, scorer, parts, options).report();
  }
}

}  // namespace

const Method& method_alti_logit() {
  static const Method method{
      .name = "alti_logit",
      .family = Family::kDecomposition,
      .summary =
          "Exact shares of a logit, by token and layer, of models that begin layers with norms.",
      .formula =
          "a_k = u . L(x_k) [k = i] + sum_l sum_j u . L(sum_h A_lh[i, j] V_lj W_lh) R_l[j, k], "
          "R_l: "
          "ALTI below layer l, i: the token that the head reads",
      .paper =
          "Ferrando, Gallego, Tsiamas, Costa-jussa 2023: Explaining How Transformers Use Context "
          "to Build Predictions",
      .cost = "2 forwards, 1 backward through the head, and less than another for the vectors",
      .completeness = true,
      .tables =
          "shares: by target, layer and token, the first of the layers being the token's own "
          "vector before any; feed_forward: by target and layer",
      .only_logits = true,
      .scope = Scope::kPreNorm,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo

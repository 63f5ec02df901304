// SPDX-License-Identifier: MIT
// Attention x gradient: what the attention paid to each token does for the score, to first order,
//   a_j = mean_l sum_h sum_i A_lh[i, j] dF / dA_lh[i, j]
// with i over the tokens that the head reads ([CLS]; a token asked about), or over all; with
// `positive` only products above 0 count. (Barkan et al. 2021, Grad-SAM; Chefer, Gur, Wolf 2021
// roll the positive products out through the layers.) A token is read when its attention in the
// last layer has a gradient at all.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {
namespace {

enum class Products { kSigned, kPositive };
enum class Readers { kRead, kAll };
enum class OverLayers { kMean, kSum };

struct Options {
  Products products = Products::kSigned;
  Readers rows = Readers::kRead;
  OverLayers layers = OverLayers::kMean;
  std::optional<std::int64_t> layer;
  Aggregate aggregate = Aggregate::kSum;
};

}  // namespace

template <>
struct EnumNames<Products> {
  static constexpr std::array<std::string_view, 2> kNames = {"signed", "positive"};
};
template <>
struct EnumNames<Readers> {
  static constexpr std::array<std::string_view, 2> kNames = {"read", "all"};
};
template <>
struct EnumNames<OverLayers> {
  static constexpr std::array<std::string_view, 2> kNames = {"mean", "sum"};
};

namespace {

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("products", &Options::products,
               "which products of attention and gradient count: signed, all of them, or positive "
               "ones only")
          .add("rows", &Options::rows,
               "whose attention counts: that of the tokens that the head reads, or of all")
          .add("layers", &Options::layers, "how layers become one number")
          .add("layer", &Options::layer, "only this layer's attention, counted from 0")
          .add("aggregate", &Options::aggregate, kAggregateHelp);
  return set;
}

std::vector<TapPoint> points_of(const Options& options, const ModelInfo& model) {
  std::vector<TapPoint> points;
  for (int layer = 0; layer < model.layers; ++layer) points.push_back({Tap::kAttnProbs, layer});
  if (options.layer && (*options.layer < 0 || *options.layer >= model.layers)) {
    fail(Code::kInvalidArgument, "attention_x_gradient",
         "layer is \"" + std::to_string(*options.layer) + '"',
         "expected 0 to " + std::to_string(model.layers - 1));
  }
  return points;
}

// `[heads, tokens, tokens]` of one layer, and the gradient of one target there.
struct Attention {
  const Tensor& probs;
  std::vector<double> slopes;
  std::size_t tokens;

  std::size_t heads() const { return slopes.size() / (tokens * tokens); }
};

std::vector<char> rows_read(const Attention& last) {
  std::vector<char> read(last.tokens, 0);
  for (std::size_t i = 0; i < last.slopes.size(); ++i) {
    if (last.slopes[i] != 0) read[i / last.tokens % last.tokens] = 1;
  }
  return read;
}

void add_products(const Attention& attention, const std::vector<char>& rows, Products products,
                  double weight, std::vector<double>& scores) {
  const std::vector<double> probs = attention.probs.to_vector<double>();
  const std::size_t tokens = attention.tokens;
  for (std::size_t h = 0; h < attention.heads(); ++h) {
    for (std::size_t i = 0; i < tokens; ++i) {
      if (!rows[i]) continue;
      const std::size_t row = (h * tokens + i) * tokens;
      for (std::size_t j = 0; j < tokens; ++j) {
        const double product = probs[row + j] * attention.slopes[row + j];
        if (products == Products::kSigned || product > 0) scores[j] += weight * product;
      }
    }
  }
}

void explain(Task& task, const Options& options, const TapOutcome& outcome) {
  const std::size_t tokens = task.sequence.ids.size(), layers = outcome.values.size();
  for (std::int64_t k = 0; k < outcome.count; ++k) {
    const auto at_layer = [&](std::size_t layer) {
      const Tensor& gradient = outcome.gradients[layer];
      return Attention{outcome.values[layer], gradient.slice(k, k + 1).to_vector<double>(), tokens};
    };
    const std::vector<char> rows = options.rows == Readers::kAll ? std::vector<char>(tokens, 1)
                                                                 : rows_read(at_layer(layers - 1));
    const bool mean = options.layers == OverLayers::kMean && !options.layer;
    const double weight = mean ? 1 / static_cast<double>(layers) : 1;
    std::vector<double> scores(tokens, 0.0);
    for (std::size_t layer = 0; layer < layers; ++layer) {
      if (options.layer && static_cast<std::int64_t>(layer) != *options.layer) continue;
      add_products(at_layer(layer), rows, options.products, weight, scores);
    }
    set_scores(task, outcome.first_target + static_cast<std::size_t>(k), scores, options.aggregate);
  }
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("attention_x_gradient", given);
  const std::vector<TapPoint> points = points_of(options, scorer.model().info());
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    if (task.keep_values) task.note("values: attention has no values per dimension");
    if (options.products == Products::kPositive) {
      task.note(
          "scores are unsigned (products positive): they tell how much, not in which direction");
    }
  }
  scorer.run_each(tasks, points,
                  [&](Task& task, const TapOutcome& outcome) { explain(task, options, outcome); });
}

}  // namespace

const Method& method_attention_x_gradient() {
  static const Method method{
      .name = "attention_x_gradient",
      .family = Family::kGradient,
      .summary = "What the attention paid to each token does for the score, to first order.",
      .formula =
          "a_j = mean_l sum_h sum_i A_lh[i, j] dF / dA_lh[i, j], i: the tokens that the head "
          "reads",
      .paper =
          "Barkan, Hauon, Caciularu, Katz, Malkiel, Armstrong, Koenigstein 2021: Grad-SAM: "
          "Explaining Transformers via Gradient Self-Attention Maps; Chefer, Gur, Wolf 2021: "
          "Generic Attention-model Explainability for Interpreting Bi-Modal and "
          "Encoder-Decoder Transformers",
      .cost = "1 forward and, per target, 1 backward",
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo

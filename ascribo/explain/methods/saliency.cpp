// SPDX-License-Identifier: MIT
// Saliency: how fast the score changes with each embedding.
#include <array>
#include <string>
#include <vector>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/at.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/gradient_at_input.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/methods/twice_embedded.h"

namespace ascribo {

enum class SaliencyRecipe { kPublished, kInterpreto, kAlti };
template <>
struct EnumNames<SaliencyRecipe> {
  static constexpr std::array<std::string_view, 3> kNames = {"published", "interpreto", "alti"};
};

namespace {

struct Options {
  std::string at = "word_embeddings";
  Reduce reduce = Reduce::kL2;
  Aggregate aggregate = Aggregate::kSum;
  SaliencyRecipe recipe = SaliencyRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = OptionSet<Options>()
                                            .add("at", &Options::at, kAtHelp)
                                            .add("reduce", &Options::reduce, kReduceHelp)
                                            .add("aggregate", &Options::aggregate, kAggregateHelp)
                                            .add("recipe", &Options::recipe, "")
                                            .internal();
  return set;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("saliency", given);
  const TapPoint at = parse_at(options.at, scorer.model().info());
  for (Task& task : tasks) task.result.method.options = option_set().values(options);
  if (options.recipe == SaliencyRecipe::kAlti) {
    check_twice_embedded("saliency", options.at);
    return gradient_twice_embedded(tasks, scorer, false, options.aggregate);
  }
  const bool times_input = options.recipe == SaliencyRecipe::kInterpreto;
  const Combine combine = times_input
                              ? [](double value, double gradient) { return value * gradient; }
                              : [](double, double gradient) { return gradient; };
  gradient_at_input(tasks, scorer, at, combine, options.reduce, options.aggregate);
}

std::vector<Recipe> recipes() {
  return {{"captum", {{"reduce", "l1"}, {"unit", "all_tokens"}}, ""},
          {"interpreto",
           {{"recipe", "interpreto"}, {"reduce", "mean_abs"}, {"aggregate", "mean"}},
           "compat interpreto: the gradient is multiplied by the embedding, and signs are lost"},
          {"alti", twice_embedded_recipe(), kTwiceEmbeddedNote},
          {"inseq", {{"unit", "all_tokens"}, {"score", "probability"}}, ""}};
}

}  // namespace

const Method& method_saliency() {
  static const Method method{
      .name = "saliency",
      .family = Family::kGradient,
      .summary = "How fast the score changes with each token's embedding.",
      .formula = "a_i = || dF(x) / dx_i ||_2 (or another reduction of the gradient)",
      .paper =
          "Simonyan, Vedaldi, Zisserman 2013: Deep Inside Convolutional Networks: Visualising "
          "Image Classification Models and Saliency Maps",
      .cost = "1 forward and, per target, 1 backward",
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo

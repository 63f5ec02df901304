// SPDX-License-Identifier: MIT
// Input x gradient: the linear estimate of what each embedding adds to the score.
#include <string>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/at.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/gradient_at_input.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/methods/twice_embedded.h"

namespace ascribo {

enum class ProductRecipe { kPublished, kAlti };
template <>
struct EnumNames<ProductRecipe> {
  static constexpr std::array<std::string_view, 2> kNames = {"published", "alti"};
};

namespace {

struct Options {
  std::string at = "word_embeddings";
  Reduce reduce = Reduce::kSum;
  Aggregate aggregate = Aggregate::kSum;
  ProductRecipe recipe = ProductRecipe::kPublished;
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
  const Options options = option_set().parse("input_x_gradient", given);
  const TapPoint at = parse_at(options.at, scorer.model().info());
  for (Task& task : tasks) task.result.method.options = option_set().values(options);
  if (options.recipe == ProductRecipe::kAlti) {
    check_twice_embedded("input_x_gradient", options.at);
    return gradient_twice_embedded(tasks, scorer, true, options.aggregate);
  }
  gradient_at_input(
      tasks, scorer, at, [](double value, double gradient) { return value * gradient; },
      options.reduce, options.aggregate);
}

std::vector<Recipe> recipes() {
  return {{"alti", twice_embedded_recipe(), kTwiceEmbeddedNote},
          {"inseq",
           {{"unit", "all_tokens"}, {"score", "probability"}, {"reduce", "l2"}},
           "compat inseq: the norms of the tokens' vectors are shown, which have no signs"}};
}

}  // namespace

const Method& method_input_x_gradient() {
  static const Method method{
      .name = "input_x_gradient",
      .family = Family::kGradient,
      .summary = "The linear estimate of what each token's embedding adds to the score.",
      .formula = "a_i = sum_d x_id dF(x) / dx_id",
      .paper =
          "Shrikumar, Greenside, Shcherbina, Kundaje 2016: Not Just a Black Box: Learning "
          "Important Features Through Propagating Activation Differences",
      .cost = "1 forward and, per target, 1 backward",
      .exact_on_linear = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo

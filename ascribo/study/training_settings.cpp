// SPDX-License-Identifier: MIT
// Declares the options of fine-tuning.
#include "ascribo/study/training_settings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/settings.h"

namespace ascribo {

template <>
struct EnumNames<Objective> {
  static constexpr std::array<std::string_view, 7> kNames = {
      "label", "labels", "number", "next_token", "tags", "answer", "word"};
};

template <>
struct EnumNames<Schedule> {
  static constexpr std::array<std::string_view, 3> kNames = {"linear", "cosine", "constant"};
};

namespace {

const OptionSet<FineTuning>& own_options() {
  static const OptionSet<FineTuning> set =
      OptionSet<FineTuning>()
          .add("learn", &FineTuning::objective,
               "one label for a text, any number of them (commas between), a number, each token "
               "from those before it, a tag for every word, where the answer to a question "
               "stands, or the word in the place of a mask")
          .add("labels", &FineTuning::labels,
               "their names in the order of the outputs; by default the model's, or as the rows "
               "have them")
          .add("max_tokens", &FineTuning::longest, "longer texts are cut; 0: the model's positions")
          .check([](std::int64_t tokens) { return tokens >= 0; }, "expected at least 0")
          .add("overwrite", &FineTuning::overwrite, "replace a folder that is there")
          .add("resume", &FineTuning::resume, "go on with what was stopped");
  return set;
}

const OptionSet<TrainingOptions>& learning_options() {
  using Options = TrainingOptions;
  const auto finite = [](double value) { return std::isfinite(value); };
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("epochs", &Options::epochs, "times that every row is seen")
          .check(finite, "expected a number")
          .add("max_steps", &Options::max_steps, "steps in place of epochs; 0: go by epochs")
          .add("batch", &Options::batch, "rows of a batch")
          .add("accumulate", &Options::accumulate, "batches of a step")
          .add("learning_rate", &Options::learning_rate, "at its highest")
          .check(finite, "expected a number")
          .add("schedule", &Options::schedule, "how the learning rate falls after the warm-up")
          .add("warmup", &Options::warmup, "steps in which it rises, or a share of all below 1")
          .check(finite, "expected a number")
          .add("weight_decay", &Options::weight_decay, "of matrices and tables")
          .check(finite, "expected a number")
          .add("clip", &Options::clip, "longest gradient; 0: any")
          .check(finite, "expected a number")
          .add("label_smoothing", &Options::label_smoothing,
               "share of every label in the right answer")
          .check(finite, "expected a number")
          .add("class_weights", &Options::class_weights, "count rows of rare labels more")
          .add("dropout", &Options::dropout, "leave values out at random, as the config says")
          .add("freeze", &Options::frozen,
               "weights that stay: embeddings, layer:N, or the beginning of names")
          .add("evaluate_every", &Options::evaluate_every,
               "steps between evaluations; 0: an epoch's")
          .add("metric", &Options::metric,
               "what the best model is best at: accuracy, f1, pearson, ... or loss; by default "
               "what is "
               "learned says")
          .add("patience", &Options::patience,
               "stop after so many evaluations without a better one; 0: never")
          .add("seed", &Options::seed, "of order, dropout and new weights")
          .add("batch_tokens", &Options::batch_tokens, "most tokens at once, which bounds memory")
          .add("memory", &Options::memory,
               "most megabytes for weights, optimizer and what a step computes: layers that do not "
               "fit in run twice, which changes no bit; 0: what it takes")
          .add("precision", &Options::precision,
               "of products with weights: bf16 is faster on CPUs that have it, bf16x3 has errors "
               "near 1e-5, auto is bf16x3 where the CPU has AMX, else fp32");
  return set;
}

}  // namespace

std::vector<OptionInfo> training_options() {
  std::vector<OptionInfo> all = own_options().describe();
  const std::vector<OptionInfo> more = learning_options().describe();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

FineTuning read_training(const OptionValues& values) {
  const std::vector<OptionInfo> known = training_options();
  OptionValues own, learning;
  for (const auto& [name, text] : values) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&name = name](const auto& each) { return each.name == name; });
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const OptionInfo& each : known) names.push_back(each.name);
      detail::fail_unknown_option("train", name, names);
    }
    (own_options().has(name) ? own : learning).emplace(name, text);
  }
  FineTuning request = own_options().parse("train", own);
  request.options = learning_options().parse("train", learning);
  return request;
}

}  // namespace ascribo

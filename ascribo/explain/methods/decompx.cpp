// SPDX-License-Identifier: MIT
// DecompX: every token's vector is carried through encoder and head as a sum of parts, one for each
// token of the text, down to the logit, which is the sum of what its parts come to.
// explain/decompose/carried_parts.h has the rules. (Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh,
// Pilehvar 2023)
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/decompose/carried_parts.h"
#include "ascribo/explain/method.h"

namespace ascribo {
namespace {

struct Options {
  BiasRule biases = BiasRule::kAbsDot;
  Aggregate aggregate = Aggregate::kSum;
};

// What is carried may take no more than this, three times over.
constexpr std::int64_t kMostBytes = std::int64_t{1} << 29;

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add(
              "biases", &Options::biases,
              "how each bias b is shared out among a vector's parts x: by |x . b| as published, by "
              "|cos(x, b)|, by the norms, equally, to the first token, or apart from all tokens")
          .add("aggregate", &Options::aggregate, kAggregateHelp);
  return set;
}

void check_parts(const Model& model, const TransformerParts& parts) {
  const auto refuse = [&](const std::string& given, const char* expected) {
    fail(Code::kUnsupported, "decompx", model.info().architecture + " has " + given, expected);
  };
  for (const TransformerLayer& layer : parts.layers) {
    if (layer.ffn_gate.defined()) refuse("gated blocks", "expected plain feed-forward blocks");
    if (layer.convolution) refuse("a convolution", "expected attention and feed-forward blocks");
  }
  const Head& head = parts.head;
  if (head.kind == HeadKind::kBase) refuse("no head", "expected one that gives logits");
  if (!answers_tokens(head.kind) && head.pooling == Pooling::kMax) {
    refuse("a head that takes maxima", "expected one that reads a token or their mean");
  }
  if (!head.layers.empty()) {
    refuse("a head that reads several layers", "expected one that reads the last");
  }
}

void check_size(const Task& task, const Model& model) {
  const std::int64_t tokens = task.sequence.size(), row = model.info().hidden * 4;
  if (tokens * tokens * row <= kMostBytes) return;
  std::int64_t most = 1;
  while ((most + 1) * (most + 1) * row <= kMostBytes) ++most;
  fail(
      Code::kTooLong, "decompx", "the text has " + std::to_string(tokens) + " tokens",
      "expected at most " + std::to_string(most) + ": a vector is carried for every pair of tokens",
      "--window " + std::to_string(most) + " explains it in windows");
}

// The share of each part in a target: the logits are linear in them.
std::vector<double> shares_of(const Target& target, const std::vector<Tensor>& answers,
                              std::int64_t parts) {
  std::vector<double> shares(static_cast<std::size_t>(parts), 0.0);
  const std::int64_t outputs = answers.front().cols();
  const auto add = [&](double weight, std::span<const Cell> cells) {
    for (const Cell& cell : cells) {
      const Tensor& answer = answers[static_cast<std::size_t>(cell.index / outputs)];
      const std::vector<double> logits = answer.to_vector<double>();
      for (std::size_t k = 0; k < shares.size(); ++k) {
        const std::size_t at = k * static_cast<std::size_t>(outputs);
        shares[k] += weight * logits[at + static_cast<std::size_t>(cell.index % outputs)];
      }
    }
  };
  target.readout.each_share(add);
  return shares;
}

// The rows that each answer is made of.
std::vector<std::vector<std::int64_t>> answer_rows(const Task& task,
                                                   const TransformerParts& parts) {
  if (!answers_tokens(parts.head.kind)) return {rows_of(task, task.targets.front(), parts)};
  std::vector<std::vector<std::int64_t>> rows;
  Batch batch;
  batch.append(task.sequence);
  for (const std::int64_t row : batch.reads) rows.push_back({row});
  return rows;
}

void set_target(Task& task, std::size_t target, std::vector<double> shares,
                const Options& options) {
  Attribution& attribution = task.result.attributions[target];
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  attribution.baseline_value = 0;
  if (options.biases == BiasRule::kApart) {
    attribution.baseline_value = shares.back();
    shares.pop_back();
  }
  attribution.delta = sum - attribution.value;
  set_scores(task, target, shares, options.aggregate);
}

void explain(Task& task, Scorer& scorer, const TransformerParts& parts, const Options& options) {
  check_size(task, scorer.model());
  std::optional<CarriedParts> carried;
  LayerTables tables(task, parts);
  Tensor last;
  walk_layers(task, scorer, parts, [&](const LayerView& view) {
    if (view.index == 0) carried.emplace(view.input, options.biases);
    carried->pass(view);
    tables.layers[view.index] = carried->norms();
    tables.errors[view.index] = carried->error(view.output);
    last = view.output;
  });
  const std::vector<double> nothing(task.sequence.ids.size() +
                                    (options.biases == BiasRule::kApart ? 1 : 0));
  std::vector<Tensor> answers;
  if (carried) {
    for (const auto& rows : answer_rows(task, parts)) {
      answers.push_back(carried->answer(parts.head, rows, last));
    }
  }
  for (std::size_t k = 0; k < task.targets.size(); ++k) {
    set_target(task, k, carried ? shares_of(task.targets[k], answers, carried->parts()) : nothing,
               options);
  }
  add_tables(task, "norms", tables.layers);
  add_errors(task, tables.errors);
  if (options.biases == BiasRule::kApart) task.note("baseline_value is the share of all biases");
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("decompx", given);
  const TransformerParts& parts = structure_of(scorer.model(), find_method("decompx"));
  check_parts(scorer.model(), parts);
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    if (task.keep_values) task.note("values: decompx has none");
    explain(task, scorer, parts, options);
  }
}

}  // namespace

const Method& method_decompx() {
  static const Method method{
      .name = "decompx",
      .family = Family::kDecomposition,
      .summary = "What each token's own vector, carried through all layers, adds to the logit.",
      .formula = "a_k = W x_k + shares of biases, sum_k x_k = x, x_k carried through every layer",
      .paper =
          "Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh, Pilehvar 2023: DecompX: Explaining "
          "Transformers Decisions by Propagating Token Decomposition",
      .cost = "about 1 forward per token",
      .completeness = true,
      .tables =
          "norms: the length of each part after a layer; recomposition_error: of each layer's "
          "parts",
      .only_logits = true,
      .scope = Scope::kPostNorm,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo

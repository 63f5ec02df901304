// SPDX-License-Identifier: MIT
// A label for the whole text.
#include "ascribo/explain/heads/head_reading.h"

namespace ascribo {
namespace {

std::optional<TargetForm> parse(std::string_view text, const HeadContext& context) {
  const auto label = find_label(text, context);
  if (!label) return {};
  return TargetForm{.kind = TargetForm::Kind::kOutput, .output = label};
}

std::string expected(const HeadContext& context) { return expected_labels({"#INDEX"}, context); }

Prediction predict(const Answers& answers, const HeadContext& context) {
  Prediction prediction;
  prediction.index = answers.best(0);
  prediction.label = context.labels[static_cast<std::size_t>(prediction.index)];
  if (context.link() != Link::kNone) {
    prediction.probability = static_cast<float>(
        probability(context.link(), answers.logits, answers.cell(0, prediction.index)));
  }
  for (const double logit : answers.logits) prediction.logits.push_back(static_cast<float>(logit));
  return prediction;
}

Target target_of(std::int64_t label, const Answers& answers, const HeadContext& context) {
  return {.name = context.labels[static_cast<std::size_t>(label)],
          .index = label,
          .readout = {.plus = {answers.cell(0, label)}}};
}

std::vector<Target> resolve(const TargetForm& form, const Answers& answers,
                            const HeadContext& context, std::optional<std::int64_t>,
                            std::vector<std::string>&) {
  if (form.kind != TargetForm::Kind::kAll) {
    return {target_of(form.output.value_or(answers.best(0)), answers, context)};
  }
  std::vector<Target> targets;
  for (std::int64_t label = 0; label < answers.outputs; ++label) {
    targets.push_back(target_of(label, answers, context));
  }
  return targets;
}

}  // namespace

const HeadReading& head_sequence_classification() {
  static constexpr HeadReading kReading{.kind = HeadKind::kSequenceClassification,
                                        .does = "classifies whole texts",
                                        .parse = parse,
                                        .expected = expected,
                                        .predict = predict,
                                        .resolve = resolve};
  return kReading;
}

}  // namespace ascribo

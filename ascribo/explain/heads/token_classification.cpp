// SPDX-License-Identifier: MIT
// A label for each token: names, parts of speech, replaced tokens.
#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/explain/heads/head_reading.h"

namespace ascribo {
namespace {

using Kind = TargetForm::Kind;

/// The label that stands for nothing of interest in named entity recognition.
constexpr std::string_view kOutside = "O";

std::optional<TargetForm> parse(std::string_view text, const HeadContext& context) {
  if (const auto label = find_label(text, context)) return TargetForm{Kind::kOutput, label};
  return parse_token(text, "LABEL", [&](std::string_view name) {
    const auto label = find_label(name, context);
    if (!label) fail_unknown_label(name, context, expected_labels({"#INDEX"}, context));
    return *label;
  });
}

std::string expected(const HeadContext& context) {
  return expected_labels({"token:P=LABEL", "token:P", "#INDEX"}, context);
}

double probability_at(const Answers& answers, const HeadContext& context, std::int64_t answer,
                      std::int64_t label) {
  return probability(context.link(), answers.logits, answers.cell(answer, label));
}

/// What a token is taken for. A single yes-or-no logit says yes only above one half.
struct Finding {
  std::int64_t token = 0, label = 0;
  double probability = 0;
  bool of_interest = false;
};

std::vector<Finding> find_all(const Answers& answers, const HeadContext& context) {
  const auto outside = std::find(context.labels.begin(), context.labels.end(), kOutside);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < answers.tokens.size(); ++i) {
    const std::int64_t token = answers.tokens[i];
    if (answers.shown.tokens[static_cast<std::size_t>(token)].special) continue;
    const auto answer = static_cast<std::int64_t>(i);
    Finding finding{token, answers.best(answer)};
    finding.probability = probability_at(answers, context, answer, finding.label);
    finding.of_interest = answers.outputs == 1 ? finding.probability > 0.5
                                               : finding.label != outside - context.labels.begin();
    findings.push_back(finding);
  }
  return findings;
}

/// Of what is of interest, the surest; if nothing is, what comes nearest to it.
std::size_t surest(const std::vector<Finding>& findings) {
  const auto rank = [](const Finding& finding) {
    return finding.of_interest ? 1 + finding.probability : -finding.probability;
  };
  return static_cast<std::size_t>(
      std::max_element(findings.begin(), findings.end(),
                       [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); }) -
      findings.begin());
}

Prediction predict(const Answers& answers, const HeadContext& context) {
  Prediction prediction;
  const std::vector<Finding> findings = find_all(answers, context);
  if (findings.empty()) return prediction;
  for (const Finding& finding : findings) {
    const std::string& label = context.labels[static_cast<std::size_t>(finding.label)];
    prediction.tokens.push_back(
        {finding.token, finding.label, label, static_cast<float>(finding.probability)});
  }
  const TokenPrediction& first = prediction.tokens[surest(findings)];
  prediction.index = first.index;
  prediction.label = first.label;
  prediction.probability = first.probability;
  return prediction;
}

Target target_of(std::int64_t token, std::optional<std::int64_t> label, const Answers& answers,
                 const HeadContext& context) {
  check_token(token, answers.shown);
  const std::int64_t answer = *answers.find(token);
  const std::int64_t output = label.value_or(answers.best(answer));
  return {.name = context.labels[static_cast<std::size_t>(output)],
          .index = output,
          .position = token,
          .tokens = {token},
          .readout = {.plus = {answers.cell(answer, output)}}};
}

std::vector<Target> predicted(const std::vector<Finding>& findings, const Answers& answers,
                              const HeadContext& context, std::vector<std::string>& notes) {
  std::vector<Target> targets;
  for (const Finding& finding : findings) {
    if (!finding.of_interest) continue;
    targets.push_back(target_of(finding.token, finding.label, answers, context));
  }
  if (!targets.empty() || findings.empty()) return targets;
  const Finding& nearest = findings[surest(findings)];
  notes.push_back("no token has a label of interest; the least certain one is explained");
  return {target_of(nearest.token, nearest.label, answers, context)};
}

std::vector<Target> resolve(const TargetForm& form, const Answers& answers,
                            const HeadContext& context, std::optional<std::int64_t> at,
                            std::vector<std::string>& notes) {
  if (form.kind == Kind::kToken) return {target_of(form.token, form.output, answers, context)};
  if (at) return {target_of(*at, form.output, answers, context)};
  const std::vector<Finding> findings = find_all(answers, context);
  if (form.kind == Kind::kPredicted) return predicted(findings, answers, context, notes);
  std::vector<Target> targets;
  for (const Finding& finding : findings) {
    if (form.kind == Kind::kOutput && finding.label != *form.output) continue;
    targets.push_back(target_of(finding.token, finding.label, answers, context));
  }
  if (targets.empty()) {
    const std::string label = context.labels[static_cast<std::size_t>(form.output.value_or(0))];
    fail(Code::kInvalidArgument, "target", "no token is predicted to be \"" + label + '"',
         "expected a label that some token has", "token:P=" + label + " asks about token P");
  }
  return targets;
}

}  // namespace

const HeadReading& head_token_classification() {
  static constexpr HeadReading kReading{.kind = HeadKind::kTokenClassification,
                                        .does = "classifies tokens",
                                        .parse = parse,
                                        .expected = expected,
                                        .predict = predict,
                                        .resolve = resolve};
  return kReading;
}

}  // namespace ascribo

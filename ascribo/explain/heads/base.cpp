// SPDX-License-Identifier: MIT
// No head: how similar the text's vector is to that of a second text.
#include "ascribo/base/error.h"
#include "ascribo/explain/heads/head_reading.h"

namespace ascribo {
namespace {

constexpr const char* kName = "similarity";

std::optional<TargetForm> parse(std::string_view text, const HeadContext&) {
  if (text != kName) return {};
  return TargetForm{};
}

std::string expected(const HeadContext&) { return "expected predicted or similarity"; }

Readout readout_of(const Answers& answers) {
  if (!answers.other) {
    fail(Code::kInvalidArgument, "target", "a single text was given to a model without head",
         "expected a second text to compare it with", "give it with --pair");
  }
  return {.direction = answers.other};
}

Prediction predict(const Answers& answers, const HeadContext& context) {
  Prediction prediction;
  prediction.label = kName;
  const double value =
      Score(ScoreKind::kLogit, context.link()).value(answers.logits, readout_of(answers));
  prediction.logits = {static_cast<float>(value)};
  return prediction;
}

std::vector<Target> resolve(const TargetForm&, const Answers& answers, const HeadContext&,
                            std::optional<std::int64_t> at, std::vector<std::string>&) {
  if (at) return {};
  return {{.name = kName, .readout = readout_of(answers)}};
}

}  // namespace

const HeadReading& head_base() {
  static constexpr HeadReading kReading{.kind = HeadKind::kBase,
                                        .does = "has no head",
                                        .parse = parse,
                                        .expected = expected,
                                        .predict = predict,
                                        .resolve = resolve};
  return kReading;
}

}  // namespace ascribo

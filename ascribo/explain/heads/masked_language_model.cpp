// SPDX-License-Identifier: MIT
// Words in the place of a mask.
#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/explain/heads/head_reading.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

using Kind = TargetForm::Kind;

constexpr std::int64_t kLikeliest = 5;

constexpr std::int64_t kNone = -1;

std::int64_t mask_token(const HeadContext& context) {
  return context.tokenizer == nullptr ? kNone
                                      : context.tokenizer->special_tokens().mask.value_or(kNone);
}

std::string word_text(std::int64_t id, const HeadContext& context) {
  const std::string token = context.tokenizer == nullptr ? "" : context.tokenizer->token(id);
  return token.empty() ? "#" + std::to_string(id) : token;
}

std::optional<TargetForm> parse(std::string_view text, const HeadContext& context) {
  constexpr std::string_view kMask = "mask=";
  const auto find = [&](std::string_view word) {
    return find_word(word, context, {.hint = "mask=#ID names a token by its id"});
  };
  if (text.starts_with(kMask)) return TargetForm{Kind::kOutput, find(text.substr(kMask.size()))};
  return parse_token(text, "WORD", find);
}

std::string expected(const HeadContext&) {
  return "expected predicted, mask=WORD, token:P=WORD or token:P";
}

std::vector<std::int64_t> tokens(const Explanation& shown, const TargetForms& forms,
                                 const HeadContext& context) {
  std::vector<std::int64_t> asked;
  const std::int64_t mask = mask_token(context);
  for (std::size_t i = 0; i < shown.tokens.size(); ++i) {
    if (shown.tokens[i].id == mask) asked.push_back(static_cast<std::int64_t>(i));
  }
  const auto add = [&](const TargetForm& form) {
    if (form.kind != Kind::kToken) return;
    check_token(form.token, shown);
    asked.push_back(form.token);
  };
  for (const TargetForm& form : forms.targets) add(form);
  if (forms.versus) add(*forms.versus);
  if (asked.empty()) {
    const std::string name = mask == kNone ? "mask token" : word_text(mask, context);
    fail(Code::kBadText, "text", "there is no " + name + " in the text",
         "expected a place for a word",
         "write " + name + " where one is missing, or ask about a token with token:P=WORD");
  }
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

Prediction predict(const Answers& answers, const HeadContext& context) {
  Prediction prediction;
  for (std::size_t i = 0; i < answers.tokens.size(); ++i) {
    const auto answer = static_cast<std::int64_t>(i);
    for (const std::int64_t word : answers.likeliest(answer, kLikeliest)) {
      const double p = probability(context.link(), answers.logits, answers.cell(answer, word));
      prediction.tokens.push_back(
          {answers.tokens[i], word, word_text(word, context), static_cast<float>(p)});
    }
  }
  if (!prediction.tokens.empty()) {
    const TokenPrediction& first = prediction.tokens.front();
    prediction.index = first.index;
    prediction.label = first.label;
    prediction.probability = first.probability;
  }
  return prediction;
}

Target target_of(std::int64_t token, std::optional<std::int64_t> word, const Answers& answers,
                 const HeadContext& context) {
  const std::int64_t answer = *answers.find(token);
  const std::int64_t output = word.value_or(answers.best(answer));
  return {.name = word_text(output, context),
          .index = output,
          .position = token,
          .tokens = {token},
          .readout = {.plus = {answers.cell(answer, output)}}};
}

std::vector<Target> resolve(const TargetForm& form, const Answers& answers,
                            const HeadContext& context, std::optional<std::int64_t> at,
                            std::vector<std::string>&) {
  if (form.kind == Kind::kToken) return {target_of(form.token, form.output, answers, context)};
  if (at) return {target_of(*at, form.output, answers, context)};
  std::vector<Target> targets;
  const std::int64_t mask = mask_token(context);
  for (const std::int64_t token : answers.tokens) {
    // Tokens that another target asks about are not masks.
    if (answers.shown.tokens[static_cast<std::size_t>(token)].id != mask) continue;
    targets.push_back(target_of(token, form.output, answers, context));
  }
  if (targets.empty()) {
    fail(Code::kBadText, "text", "there is no mask in the text", "expected a place for a word",
         "ask about a token with token:P=WORD");
  }
  return targets;
}

}  // namespace

const HeadReading& head_masked_language_model() {
  static constexpr HeadReading kReading{.kind = HeadKind::kMaskedLanguageModel,
                                        .does = "fills masks with words",
                                        .parse = parse,
                                        .expected = expected,
                                        .tokens = tokens,
                                        .predict = predict,
                                        .resolve = resolve};
  return kReading;
}

}  // namespace ascribo

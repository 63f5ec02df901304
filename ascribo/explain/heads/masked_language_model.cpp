// SPDX-License-Identifier: MIT
// Words in the place of a mask.
#include <algorithm>
#include <numeric>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
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

/// The one token that a word is: in the middle of a text if there is such a token, else at its
/// beginning, else by its name in the vocabulary.
std::int64_t find_word(std::string_view word, const HeadContext& context) {
  if (const auto id = number_after(word, "#"); id && *id < context.model.outputs) return *id;
  if (context.tokenizer == nullptr) {
    fail(Code::kUnsupported, "target", "the word \"" + std::string(word) + "\" was given",
         "expected #ID, because there is no tokenizer");
  }
  const Tokenizer& tokenizer = *context.tokenizer;
  std::vector<std::string> pieces;
  for (const std::string& text : {" " + std::string(word), std::string(word)}) {
    const Encoding encoding = tokenizer.encode(text, {}, false);
    const bool known = encoding.size() == 1 && encoding.ids[0] != tokenizer.special_tokens().unk;
    if (known) return encoding.ids[0];
    pieces = encoding.tokens;
  }
  if (const auto id = tokenizer.find_token(word)) return *id;
  fail(Code::kUnknownName, "target",
       '"' + std::string(word) + "\" is no single token of this model but " +
           (pieces.empty() ? "none" : listed(pieces, "and")),
       "expected a word of its vocabulary", "mask=#ID names a token by its id");
}

std::optional<TargetForm> parse(std::string_view text, const HeadContext& context) {
  constexpr std::string_view kMask = "mask=";
  if (text.starts_with(kMask)) {
    return TargetForm{Kind::kOutput, find_word(text.substr(kMask.size()), context)};
  }
  return parse_token(text, "WORD", [&](std::string_view word) { return find_word(word, context); });
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
  std::vector<std::int64_t> words(static_cast<std::size_t>(answers.outputs));
  const auto likeliest = static_cast<std::ptrdiff_t>(std::min(kLikeliest, answers.outputs));
  for (std::size_t i = 0; i < answers.tokens.size(); ++i) {
    const auto answer = static_cast<std::int64_t>(i);
    const auto logit = [&](std::int64_t word) {
      return answers.logits[static_cast<std::size_t>(answer * answers.outputs + word)];
    };
    std::iota(words.begin(), words.end(), std::int64_t{0});
    std::partial_sort(words.begin(), words.begin() + likeliest, words.end(),
                      [&](std::int64_t a, std::int64_t b) { return logit(a) > logit(b); });
    for (std::ptrdiff_t k = 0; k < likeliest; ++k) {
      const std::int64_t word = words[static_cast<std::size_t>(k)];
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
  static constexpr HeadReading reading{.kind = HeadKind::kMaskedLanguageModel,
                                       .does = "fills masks with words",
                                       .parse = parse,
                                       .expected = expected,
                                       .tokens = tokens,
                                       .predict = predict,
                                       .resolve = resolve};
  return reading;
}

}  // namespace ascribo

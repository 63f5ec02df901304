// SPDX-License-Identifier: MIT
// Where the answer to a question starts and ends in its context.
#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/explain/heads/head_reading.h"

namespace ascribo {
namespace {

using Kind = TargetForm::Kind;

constexpr std::int64_t kStart = 0, kEnd = 1, kOutputs = 2;
constexpr std::int64_t kLongestAnswer = 30;  // tokens, as in the published evaluation of SQuAD

std::optional<TargetForm> parse(std::string_view text, const HeadContext&) {
  if (const auto start = number_after(text, "start:")) return TargetForm{Kind::kStart, {}, *start};
  if (const auto end = number_after(text, "end:")) return TargetForm{Kind::kEnd, {}, *end};
  if (!text.starts_with("span:")) return {};
  const auto numbers = span_numbers(text);
  if (numbers) return TargetForm{Kind::kSpan, {}, numbers->first, numbers->second};
  fail(Code::kInvalidArgument, "target", '"' + std::string(text) + "\" names no span",
       "expected span:P-Q with the numbers of its first and last token",
       "ascribo tokenize lists them, special tokens included");
}

std::string expected(const HeadContext&) {
  return "expected predicted, start:P, end:P or span:P-Q";
}

/// All tokens compete to be the start, and all to be the end.
Cell cell_of(std::int64_t token, std::int64_t output, const Answers& answers) {
  check_token(token, answers.shown);
  return {.index = token * kOutputs + output,
          .first = output,
          .stride = kOutputs,
          .count = static_cast<std::int64_t>(answers.tokens.size())};
}

struct Span {
  std::int64_t first = 0, last = 0;
};

/// The span of the context with the largest sum of logits.
Span best_span(const Answers& answers) {
  const std::vector<TokenInfo>& shown = answers.shown.tokens;
  const Side side = answers.shown.input.pair ? Side::kPair : Side::kText;
  const auto may = [&](std::int64_t token) {
    const TokenInfo& info = shown[static_cast<std::size_t>(token)];
    return !info.special && info.side == side;
  };
  const auto logit = [&](std::int64_t token, std::int64_t output) {
    return answers.logits[static_cast<std::size_t>(token * kOutputs + output)];
  };
  const auto count = static_cast<std::int64_t>(shown.size());
  std::optional<Span> best;
  double highest = 0;
  for (std::int64_t first = 0; first < count; ++first) {
    for (std::int64_t last = first; last < std::min(count, first + kLongestAnswer); ++last) {
      if (!may(first) || !may(last)) continue;
      const double sum = logit(first, kStart) + logit(last, kEnd);
      if (best && sum <= highest) continue;
      best = Span{first, last};
      highest = sum;
    }
  }
  return best.value_or(Span{});
}

std::string text_of(const Span& span, const Explanation& shown) {
  const TokenInfo& first = shown.tokens[static_cast<std::size_t>(span.first)];
  const TokenInfo& last = shown.tokens[static_cast<std::size_t>(span.last)];
  return std::string(slice_code_points(side_text(shown, first.side), first.start, last.end));
}

Prediction predict(const Answers& answers, const HeadContext& context) {
  const Span span = best_span(answers);
  const auto probability_of = [&](std::int64_t token, std::int64_t output) {
    return static_cast<float>(
        probability(context.link(), answers.logits, cell_of(token, output, answers)));
  };
  Prediction prediction;
  prediction.index = span.first;
  prediction.label = text_of(span, answers.shown);
  prediction.tokens = {{span.first, kStart, "start", probability_of(span.first, kStart)},
                       {span.last, kEnd, "end", probability_of(span.last, kEnd)}};
  prediction.probability = prediction.tokens[0].probability * prediction.tokens[1].probability;
  return prediction;
}

Target span_target(const Span& span, const Answers& answers) {
  return {.name = "span:" + std::to_string(span.first) + "-" + std::to_string(span.last),
          .index = kStart,
          .position = span.first,
          .tokens = {span.first, span.last},
          .readout = {
              .plus = {cell_of(span.first, kStart, answers), cell_of(span.last, kEnd, answers)}}};
}

Target end_target(std::int64_t token, std::int64_t output, const Answers& answers) {
  return {.name = (output == kStart ? "start:" : "end:") + std::to_string(token),
          .index = output,
          .position = token,
          .tokens = {token},
          .readout = {.plus = {cell_of(token, output, answers)}}};
}

std::vector<Target> resolve(const TargetForm& form, const Answers& answers, const HeadContext&,
                            std::optional<std::int64_t>, std::vector<std::string>&) {
  const Span best = best_span(answers);
  switch (form.kind) {
    case Kind::kStart: return {end_target(form.token, kStart, answers)};
    case Kind::kEnd: return {end_target(form.token, kEnd, answers)};
    case Kind::kSpan: return {span_target({form.token, form.last}, answers)};
    case Kind::kAll:
      return {span_target(best, answers), end_target(best.first, kStart, answers),
              end_target(best.last, kEnd, answers)};
    default: return {span_target(best, answers)};
  }
}

}  // namespace

const HeadReading& head_question_answering() {
  static constexpr HeadReading kReading{.kind = HeadKind::kQuestionAnswering,
                                        .does = "answers questions",
                                        .parse = parse,
                                        .expected = expected,
                                        .predict = predict,
                                        .resolve = resolve};
  return kReading;
}

}  // namespace ascribo

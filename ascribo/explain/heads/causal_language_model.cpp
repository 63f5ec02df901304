// SPDX-License-Identifier: MIT
// Words that come next, or came: a token is predicted at the one before it.
#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/explain/heads/head_reading.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

using Kind = TargetForm::Kind;

constexpr std::int64_t kLikeliest = 5;

/// What the word adds to a text, or its name in the vocabulary where that cannot be shown: a part
/// of a character, a special token.
std::string word_text(std::int64_t id, const HeadContext& context) {
  constexpr std::string_view kBroken = "\xEF\xBF\xBD";  // U+FFFD
  if (context.tokenizer == nullptr) return "#" + std::to_string(id);
  const std::string token = context.tokenizer->token(id);
  if (token.empty()) return "#" + std::to_string(id);
  const std::string text = context.tokenizer->decode({id});
  return text.empty() || text.find(kBroken) != std::string::npos ? token : text;
}

std::optional<TargetForm> parse(std::string_view text, const HeadContext& context) {
  constexpr std::string_view kNext = "next=";
  const auto find = [&](std::string_view word) {
    return find_word(word, context, {.name_first = true, .hint = "#ID names a token by its id"});
  };
  if (text == "output") return TargetForm{.kind = Kind::kWhole};
  if (text.starts_with(kNext)) return TargetForm{Kind::kOutput, find(text.substr(kNext.size()))};
  if (text.starts_with("span:")) {
    const auto numbers = span_numbers(text);
    if (!numbers) {
      fail(Code::kInvalidArgument, "target", '"' + std::string(text) + "\" names no tokens",
           "expected span:P-Q, with the numbers of the first and the last token");
    }
    return TargetForm{Kind::kSpan, {}, numbers->first, numbers->second};
  }
  if (auto token = parse_token(text, "WORD", find)) return token;
  return TargetForm{Kind::kOutput, find(text)};
}

/// Several tokens are another continuation, and so is output=TEXT. Forms that name a place, and
/// words, are targets.
std::optional<TargetForm> parse_versus(std::string_view text, const HeadContext& context) {
  constexpr std::string_view kOutput = "output=";
  if (text.starts_with(kOutput)) {
    return TargetForm{.kind = Kind::kContinuation,
                      .text = std::string(text.substr(kOutput.size()))};
  }
  for (const std::string_view form : {"predicted", "all", "output"}) {
    if (text == form) return {};
  }
  for (const std::string_view form : {"next=", "token:", "span:"}) {
    if (text.starts_with(form)) return {};
  }
  if (context.tokenizer == nullptr || find_single_token(text, context, true)) return {};
  return TargetForm{.kind = Kind::kContinuation, .text = std::string(text)};
}

std::string expected(const HeadContext&) {
  return "expected predicted, output, WORD, next=WORD, token:P, token:P=WORD or span:P-Q";
}

/// The first token of the continuation; the number of tokens where there is none.
std::int64_t output_begin(const Explanation& shown) {
  const auto found = std::find_if(shown.tokens.begin(), shown.tokens.end(),
                                  [](const auto& each) { return each.side == Side::kOutput; });
  return found - shown.tokens.begin();
}

std::int64_t count(const Explanation& shown) {
  return static_cast<std::int64_t>(shown.tokens.size());
}

/// Throws unless something stands before the token, which may be the one that comes next.
void check_predicted(std::int64_t token, const Explanation& shown, const HeadContext& context) {
  if (token > context.model.max_positions) {
    fail(Code::kTooLong, "target",
         "token " + std::to_string(token) + " was asked about, but the model has " +
             std::to_string(context.model.max_positions) + " positions",
         "expected tokens that it can predict");
  }
  if (token >= 1 && token <= count(shown)) return;
  fail(Code::kInvalidArgument, "target",
       "token " + std::to_string(token) + " was asked about, but the input has " +
           std::to_string(count(shown)) + " tokens",
       "expected 1 to " + std::to_string(count(shown)) +
           ": nothing stands before the first, and one may follow the last");
}

std::vector<std::int64_t> tokens(const Explanation& shown, const TargetForms& forms,
                                 const HeadContext& context) {
  std::vector<std::int64_t> asked;
  const auto add = [&](std::int64_t first, std::int64_t last) {
    check_predicted(first, shown, context);
    check_predicted(last, shown, context);
    for (std::int64_t token = first; token <= last; ++token) asked.push_back(token - 1);
  };
  const std::int64_t begin = output_begin(shown), end = count(shown);
  add(begin < end ? begin : end, begin < end ? end - 1 : end);
  const auto add_form = [&](const TargetForm& form, bool versus) {
    if (form.kind == Kind::kToken) add(form.token, form.token);
    if (form.kind == Kind::kSpan) add(form.token, form.last);
    if (form.kind == Kind::kOutput && !versus) add(end, end);
  };
  for (const TargetForm& form : forms.targets) add_form(form, false);
  if (forms.versus) add_form(*forms.versus, true);
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

/// The likeliest words after the last token, or how likely the words of the continuation were.
Prediction predict(const Answers& answers, const HeadContext& context) {
  const Explanation& shown = answers.shown;
  Prediction prediction;
  const auto add = [&](std::int64_t position, std::int64_t answer, std::int64_t word) {
    const double p = probability(context.link(), answers.logits, answers.cell(answer, word));
    prediction.tokens.push_back({position, word, word_text(word, context), static_cast<float>(p)});
  };
  const std::int64_t begin = output_begin(shown), end = count(shown);
  for (std::int64_t token = begin; token < end; ++token) {
    add(token, *answers.find(token - 1), shown.tokens[static_cast<std::size_t>(token)].id);
  }
  if (begin < end) {
    float all = 1;
    for (const TokenPrediction& each : prediction.tokens) all *= each.probability;
    prediction.index = prediction.tokens.front().index;
    prediction.label = shown.output->text;
    prediction.probability = all;
    return prediction;
  }
  const std::int64_t answer = *answers.find(end - 1);
  for (const std::int64_t word : answers.likeliest(answer, kLikeliest)) add(end, answer, word);
  prediction.index = prediction.tokens.front().index;
  prediction.label = prediction.tokens.front().label;
  prediction.probability = prediction.tokens.front().probability;
  return prediction;
}

/// A word at a position: the one given, the one that stands there, or the likeliest one to follow.
Target target_of(std::int64_t position, std::optional<std::int64_t> word, const Answers& answers,
                 const HeadContext& context) {
  const std::int64_t answer = *answers.find(position - 1);
  const auto place = static_cast<std::size_t>(position);
  const std::int64_t there =
      position < count(answers.shown) ? answers.shown.tokens[place].id : answers.best(answer);
  const std::int64_t output = word.value_or(there);
  return {.name = word_text(output, context),
          .index = output,
          .position = position,
          .tokens = {position - 1},
          .readout = {.plus = {answers.cell(answer, output)}}};
}

/// The sum over tokens that stand there.
Target span_target(std::int64_t first, std::int64_t last, const std::string& name,
                   const Answers& answers, const HeadContext& context) {
  Target sum = target_of(first, {}, answers, context);
  for (std::int64_t token = first + 1; token <= last; ++token) {
    const Target each = target_of(token, {}, answers, context);
    sum.tokens.push_back(each.tokens.front());
    sum.readout.plus.push_back(each.readout.plus.front());
  }
  sum.name = name;
  sum.position = last;
  return sum;
}

std::string text_of(std::int64_t first, std::int64_t last, const Answers& answers) {
  std::string text;
  for (std::int64_t token = first; token <= last; ++token) {
    text += answers.shown.tokens[static_cast<std::size_t>(token)].text;
  }
  return text;
}

std::vector<Target> written(TargetUnit unit, const Answers& answers, const HeadContext& context) {
  const Explanation& shown = answers.shown;
  const std::int64_t begin = output_begin(shown), end = count(shown);
  if (begin == end) return {target_of(end, {}, answers, context)};
  if (unit == TargetUnit::kAll) {
    return {span_target(begin, end - 1, shown.output->text, answers, context)};
  }
  std::vector<Target> targets;
  for (const UnitInfo& each : shown.units) {
    if (unit != TargetUnit::kUnit || each.side != Side::kOutput) continue;
    targets.push_back(
        span_target(each.tokens.front(), each.tokens.back(), each.text, answers, context));
  }
  if (!targets.empty()) return targets;
  for (std::int64_t token = begin; token < end; ++token) {
    targets.push_back(target_of(token, {}, answers, context));
  }
  return targets;
}

void check_written(std::int64_t last, const Answers& answers) {
  if (last < count(answers.shown)) return;
  fail(Code::kInvalidArgument, "target",
       "token " + std::to_string(last) + " was asked about, but the input has " +
           std::to_string(count(answers.shown)) + " tokens",
       "expected tokens that are there");
}

std::vector<Target> resolve(const TargetForm& form, const Answers& answers,
                            const HeadContext& context, std::optional<std::int64_t> at,
                            std::vector<std::string>&) {
  const std::int64_t begin = output_begin(answers.shown), end = count(answers.shown);
  switch (form.kind) {
    case Kind::kToken: return {target_of(form.token, form.output, answers, context)};
    case Kind::kOutput: return {target_of(at.value_or(end), form.output, answers, context)};
    case Kind::kSpan:
      check_written(form.last, answers);
      return {span_target(form.token, form.last, text_of(form.token, form.last, answers), answers,
                          context)};
    case Kind::kWhole:
      if (begin == end) {
        fail(Code::kInvalidArgument, "target", "\"output\" was given without a continuation",
             "expected something written after the text", "give one with --continue");
      }
      return written(TargetUnit::kAll, answers, context);
    default: return written(form.unit, answers, context);
  }
}

}  // namespace

const HeadReading& head_causal_language_model() {
  static constexpr HeadReading kReading{.kind = HeadKind::kCausalLanguageModel,
                                        .does = "writes the next word",
                                        .parse = parse,
                                        .expected = expected,
                                        .parse_versus = parse_versus,
                                        .tokens = tokens,
                                        .predict = predict,
                                        .resolve = resolve};
  return kReading;
}

}  // namespace ascribo

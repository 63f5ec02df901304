// SPDX-License-Identifier: MIT
// Finds where two sentences differ, and asks about that.
#include "ascribo/explain/inputs/minimal_pair.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ascribo/base/error.h"
#include "ascribo/explain/heads/head_reading.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

/// Bytes beyond ASCII belong to words, so that no character is cut.
bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' ||
         c == '-' || c == '_' || byte >= 0x80;
}

bool cuts_word(std::string_view text, std::size_t at) {
  return at > 0 && at < text.size() && is_word(text[at - 1]) && is_word(text[at]);
}

/// `begin` and `end` are in both sentences, `good` and `bad` between them.
struct Difference {
  std::string_view begin, good, bad, end;
};

Difference find_difference(std::string_view good, std::string_view bad) {
  const std::size_t shorter = std::min(good.size(), bad.size());
  std::size_t begin = 0, end = 0;
  while (begin < shorter && good[begin] == bad[begin]) ++begin;
  while (cuts_word(good, begin) || cuts_word(bad, begin)) --begin;
  while (end < shorter - begin && good[good.size() - 1 - end] == bad[bad.size() - 1 - end]) ++end;
  while (cuts_word(good, good.size() - end) || cuts_word(bad, bad.size() - end)) --end;
  return {good.substr(0, begin), good.substr(begin, good.size() - begin - end),
          bad.substr(begin, bad.size() - begin - end), good.substr(good.size() - end)};
}

Input masked_pair(const Difference& pair, const HeadContext& context) {
  const std::optional<std::int64_t> mask = context.tokenizer->special_tokens().mask;
  if (!mask) {
    fail(Code::kUnsupported, "pair", "the tokenizer has no mask token",
         "expected one to stand where the sentences differ");
  }
  Input input{.text = std::string(pair.begin) + context.tokenizer->token(*mask) +
                      std::string(pair.end)};
  input.targets = {"mask=" + std::string(pair.good)};
  input.versus = "mask=" + std::string(pair.bad);
  return input;
}

Input causal_pair(const Difference& pair, const HeadContext& context) {
  const std::size_t last = pair.begin.find_last_not_of(' ');
  if (last == std::string_view::npos) {
    fail(Code::kBadText, "pair",
         '"' + std::string(pair.good) + "\" and \"" + std::string(pair.bad) +
             "\" are the sentences' first words",
         "expected something before them, which a causal language model goes on from");
  }
  Input input{.text = std::string(pair.begin.substr(0, last + 1))};
  const auto one = find_single_token(pair.good, context, false);
  const auto other = find_single_token(pair.bad, context, false);
  if (one && other) {
    input.targets = {"next=#" + std::to_string(*one)};
    input.versus = "next=#" + std::to_string(*other);
    return input;
  }
  const std::string gap(pair.begin.substr(last + 1));
  input.continuation = gap + std::string(pair.good);
  input.targets = {"output"};
  input.versus = "output=" + gap + std::string(pair.bad);
  return input;
}

}  // namespace

Input minimal_pair(const Subject& subject, const std::string& good, const std::string& bad) {
  const Parts parts = subject.parts();
  const HeadContext context = parts.head();
  const HeadKind head = context.model.head;
  if (head != HeadKind::kMaskedLanguageModel && head != HeadKind::kCausalLanguageModel) {
    fail(Code::kUnsupported, "pair",
         "a pair of sentences was given to " + context.model.architecture +
             ", which has no words to compare",
         "expected a masked or causal language model",
         "--text-column sentence_good reads one sentence of each pair");
  }
  subject.tokenizer();  // throws where there is none
  const Difference pair = find_difference(good, bad);
  if (pair.good.empty() || pair.bad.empty()) {
    fail(Code::kBadText, "pair",
         good == bad ? "the sentences are the same"
                     : '"' + std::string(pair.good.empty() ? pair.bad : pair.good) +
                           "\" is in one sentence, and nothing in its place in the other",
         "expected sentences that differ in one place, each by a word");
  }
  return head == HeadKind::kMaskedLanguageModel ? masked_pair(pair, context)
                                                : causal_pair(pair, context);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Joins prompts and continuations, token by token.
#include "ascribo/explain/inputs/continuation.h"

#include <algorithm>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/explain/inputs/encode.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

constexpr int kOutputSide = 2;

void check(const Input& input, const ModelInfo& model) {
  if (model.head != HeadKind::kCausalLanguageModel) {
    fail(Code::kUnsupported, "continue", "a continuation was given to " + model.architecture,
         "expected a causal language model, which writes token by token");
  }
  if (input.continuation && !input.continuation_ids.empty()) {
    fail(Code::kInvalidArgument, "continue", "a continuation was given as text and as ids",
         "expected one of them");
  }
  if (input.continuation && input.continuation->empty()) {
    fail(Code::kInvalidArgument, "continue", "the continuation is empty",
         "expected at least one token to explain", "leave it out to explain what comes next");
  }
  if (input.continuation && !input.input_ids.empty()) {
    fail(Code::kInvalidArgument, "continue", "a text was given to continue token ids",
         "expected the continuation's ids");
  }
}

[[noreturn]] void begins_inside(const Input& input, const std::string& token) {
  fail(Code::kInvalidArgument, "continue",
       '"' + *input.continuation + "\" begins inside " +
           (token.empty() ? "a token" : "the token \"" + token + '"') + " of the whole text",
       "expected a continuation that begins where a token does",
       "a space between belongs to the continuation in most models: \" word\" after a prompt "
       "without space at its end");
}

/// The two texts as one, whose tokens up to the boundary are those of the first alone.
void append_text(const Input& input, const Tokenizer& tokenizer, Encoding& encoding) {
  const Encoding prompt = encoding;
  encoding = encode_text(input, input.text + *input.continuation, {}, tokenizer);
  drop_end(input, encoding);
  const std::int64_t boundary = count_code_points(input.text);
  std::size_t first = encoding.size();
  for (std::size_t i = encoding.size(); i-- > 0 && encoding.offsets[i].end > boundary;) {
    if (encoding.special[i]) break;
    first = i;
  }
  const bool same = first == prompt.size() &&
                    std::equal(prompt.ids.begin(), prompt.ids.end(), encoding.ids.begin());
  if (!same || first == encoding.size() || encoding.offsets[first].start < boundary) {
    begins_inside(input, first < encoding.size() ? encoding.tokens[first] : "");
  }
  for (std::size_t i = first; i < encoding.size(); ++i) {
    encoding.sides[i] = kOutputSide;
    encoding.offsets[i].start -= boundary;
    encoding.offsets[i].end -= boundary;
  }
  encoding.type_ids.assign(encoding.size(), 0);
}

/// Each token's share of the text that the ids so far stand for; none where bytes of a character
/// are still missing.
void append_ids(const Input& input, const Tokenizer* tokenizer, Encoding& encoding,
                std::string& text) {
  std::vector<std::int64_t> written;
  std::int64_t length = 0;
  const auto decoded = [&](const std::vector<std::int64_t>& more) {
    std::vector<std::int64_t> ids = encoding.ids;
    ids.insert(ids.end(), more.begin(), more.end());
    return tokenizer->decode(ids, false);
  };
  const std::size_t before = tokenizer == nullptr ? 0 : decoded({}).size();
  Encoding added;
  for (const std::int64_t id : input.continuation_ids) {
    std::string token = tokenizer == nullptr ? "" : tokenizer->token(id);
    if (token.empty()) token = "#" + std::to_string(id);
    written.push_back(id);
    if (tokenizer == nullptr) {
      if (!text.empty()) text += ' ', ++length;
      text += token;
    } else {
      text = decoded(written).substr(before);
    }
    const std::int64_t end = count_code_points(text);
    added.ids.push_back(id);
    added.tokens.push_back(std::move(token));
    added.offsets.push_back({std::min(length, end), end});
    added.word_ids.emplace_back();
    added.type_ids.push_back(0);
    added.sides.emplace_back(kOutputSide);
    added.special.push_back(0);
    length = end;
  }
  encoding.append(added);
}

}  // namespace

bool is_continued(const Input& input) {
  return input.continuation || !input.continuation_ids.empty();
}

void append_continuation(const Input& input, const Parts& parts, Encoding& encoding,
                         OutputSummary& output) {
  check(input, parts.model.info());
  drop_end(input, encoding);
  const std::size_t prompt = encoding.size();
  if (input.continuation) {
    append_text(input, *parts.tokenizer, encoding);
    output.text = *input.continuation;
  } else {
    append_ids(input, parts.tokenizer, encoding, output.text);
  }
  output.ids.assign(encoding.ids.begin() + static_cast<std::ptrdiff_t>(prompt), encoding.ids.end());
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Texts, texts with their template around them already, and ids.
#include "ascribo/explain/inputs/encode.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

// Special tokens among ids that the user gives: those a template would add. Unknown words and
// masks are marked special by tokenizers too, but they stand for text.
bool is_template_token(const Tokenizer& tokenizer, std::int64_t id) {
  const SpecialTokens& special = tokenizer.special_tokens();
  return tokenizer.is_special(id) && special.unk != id && special.mask != id;
}

void check_type_ids(const Input& input, const ModelInfo& model) {
  if (input.type_ids.empty()) return;
  if (input.type_ids.size() != input.input_ids.size()) {
    fail(Code::kInvalidArgument, "input",
         std::to_string(input.type_ids.size()) + " type_ids were given for " +
             std::to_string(input.input_ids.size()) + " input_ids",
         "expected one for each");
  }
  const std::int64_t last = std::max<std::int64_t>(model.type_vocab - 1, 0);
  for (const std::int64_t type : input.type_ids) {
    if (type >= 0 && type <= last) continue;
    fail(Code::kInvalidArgument, "input", "type_ids hold " + std::to_string(type),
         last == 0 ? "expected 0: this model does not tell sides apart"
                   : "expected 0 to " + std::to_string(last));
  }
}

// Ids as they are; the text they are shown with is their tokens, one space apart.
Encoding encode_ids(const Input& input, const Tokenizer* tokenizer, std::string& text) {
  Encoding encoding;
  std::int64_t length = 0;
  for (std::size_t i = 0; i < input.input_ids.size(); ++i) {
    const std::int64_t id = input.input_ids[i];
    std::string token = tokenizer == nullptr ? "" : tokenizer->token(id);
    if (token.empty()) token = "#" + std::to_string(id);
    const bool special = tokenizer != nullptr && is_template_token(*tokenizer, id);
    Encoding::Offset offset;
    if (!special) {
      if (length > 0) text += " ", ++length;
      offset = {length, length + count_code_points(token)};
      text += token;
      length = offset.end;
    }
    encoding.ids.push_back(id);
    encoding.tokens.push_back(std::move(token));
    encoding.offsets.push_back(offset);
    encoding.word_ids.emplace_back();
    encoding.type_ids.push_back(input.type_ids.empty() ? 0 : input.type_ids[i]);
    encoding.sides.push_back(special ? std::nullopt : std::optional<int>(0));
    encoding.special.push_back(special);
  }
  return encoding;
}

}  // namespace

Encoding encode_text(const Input& input, std::string_view text,
                     std::optional<std::string_view> pair, const Tokenizer& tokenizer) {
  Encoding encoding = tokenizer.encode(text, pair, !input.templated);
  for (std::size_t i = 0; input.templated && i < encoding.size(); ++i) {
    if (!tokenizer.is_special(encoding.ids[i])) continue;
    const Encoding::Offset& offset = encoding.offsets[i];
    const bool as_written =
        slice_code_points(text, offset.start, offset.end) == tokenizer.token(encoding.ids[i]);
    if (!as_written) continue;  // an unknown word
    encoding.special[i] = 1;
    encoding.sides[i].reset();
  }
  return encoding;
}

void drop_end(const Input& input, Encoding& encoding) {
  if (input.templated || !input.input_ids.empty()) return;
  while (encoding.size() > 0 && encoding.special.back() && !encoding.sides.back()) {
    encoding.ids.pop_back();
    encoding.tokens.pop_back();
    encoding.offsets.pop_back();
    encoding.word_ids.pop_back();
    encoding.type_ids.pop_back();
    encoding.sides.pop_back();
    encoding.special.pop_back();
  }
}

Encoding encode(const Input& input, const Parts& parts, std::string& shown) {
  if (!input.input_ids.empty()) {
    if (!input.text.empty() || input.pair) {
      fail(Code::kInvalidArgument, "input", "both text and input_ids were given",
           "expected one of them");
    }
    check_type_ids(input, parts.model.info());
    return encode_ids(input, parts.tokenizer, shown);
  }
  if (!input.type_ids.empty()) {
    fail(Code::kInvalidArgument, "input", "type_ids were given without input_ids",
         "expected both, or a text");
  }
  if (parts.no_tokenizer) std::rethrow_exception(parts.no_tokenizer);
  if (parts.tokenizer == nullptr) {
    fail(Code::kUnsupported, "input", "a text was given to a model without tokenizer",
         "expected input_ids");
  }
  shown = input.text;
  Encoding encoding = encode_text(
      input, input.text, input.pair ? std::optional<std::string_view>(*input.pair) : std::nullopt,
      *parts.tokenizer);
  if (!parts.use_type_ids) encoding.type_ids.assign(encoding.size(), 0);
  return encoding;
}

}  // namespace ascribo

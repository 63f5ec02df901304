// SPDX-License-Identifier: MIT
// The heads of causal models, and what their configs may not ask for.
#include "ascribo/models/causal_layout.h"

#include "ascribo/base/error.h"

namespace ascribo {

std::vector<HeadLayout> causal_heads(const CausalHeads& names) {
  const HeadLayout common{.dense = names.dense, .dense_bias = Bias::kNone};
  HeadLayout words = common, texts = common, tokens = common, spans = common;
  words.kind = HeadKind::kCausalLanguageModel;
  words.out = names.out;
  words.out_bias = Bias::kNone;
  words.tied = names.tied;
  texts.kind = HeadKind::kSequenceClassification;
  texts.out = "score";
  texts.out_bias = Bias::kNone;
  texts.pooling = Pooling::kLast;
  tokens.kind = HeadKind::kTokenClassification;
  tokens.out = names.token_classifier;
  spans.kind = HeadKind::kQuestionAnswering;
  spans.out = "qa_outputs";
  return {words, texts, tokens, spans};
}

void refuse_other_decoders(const Json& config) {
  for (const std::string_view key :
       {"add_cross_attention", "is_encoder_decoder", "use_bidirectional_attention"}) {
    if (!config.boolean_or(key, false)) continue;
    fail(Code::kUnsupported, "config.json", std::string(key) + " is true",
         "expected a decoder, in which every token sees itself and those before it");
  }
}

}  // namespace ascribo

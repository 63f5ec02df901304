// SPDX-License-Identifier: MIT
// The heads of causal models, and what their configs may not ask for.
#include "ascribo/models/causal_layout.h"

#include "ascribo/base/error.h"
#include "ascribo/models/rotary_scaling.h"

namespace ascribo {

std::vector<HeadLayout> causal_heads(const CausalHeads& names) {
  const HeadLayout common{.dense = names.dense, .dense_bias = Bias::kNone};
  HeadLayout base = common, words = common, texts = common, tokens = common, spans = common;
  base.kind = HeadKind::kBase;
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
  return {base, words, texts, tokens, spans};
}

std::shared_ptr<const RotaryAngles> read_rotary(const Json& config, const RotarySizes& sizes,
                                                Dtype compute) {
  constexpr std::string_view kShare = "partial_rotary_factor";
  const auto parameters = config.find("rope_parameters");
  const double older = config.number_or(kShare, sizes.share);
  const double share = parameters ? parameters->number_or(kShare, older) : older;
  const auto width = static_cast<std::int64_t>(share * static_cast<double>(sizes.width));
  if (!(share > 0) || share > 1 || width < 2 || width % 2 != 0) {
    fail(Code::kBadCheckpoint, "config.json",
         "positions turn " + std::to_string(share) + " of heads of " + std::to_string(sizes.width) +
             " columns",
         "expected an even number of columns, at most all of them");
  }
  return std::make_shared<const RotaryAngles>(width, read_rotary_scaling(config, sizes.theta),
                                              compute);
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

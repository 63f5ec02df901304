// SPDX-License-Identifier: MIT
// Mistral (Jiang et al. 2023): Llama whose layers see a window of tokens.
#include "ascribo/models/llama_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  return build_llama(checkpoint, {.windows = Windows::kAll});
}

}  // namespace

const Architecture& arch_mistral() {
  static const Architecture architecture{
      .name = "mistral",
      .prefix = "model.",
      .model_types = {"mistral"},
      .classes = {{"MistralForCausalLM", HeadKind::kCausalLanguageModel},
                  {"MistralForSequenceClassification", HeadKind::kSequenceClassification},
                  {"MistralForTokenClassification", HeadKind::kTokenClassification},
                  {"MistralForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"MistralModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Llama (Touvron et al. 2023), and the many models published in its layout.
#include "ascribo/models/llama_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  return build_llama(checkpoint, {.config_biases = true});
}

}  // namespace

const Architecture& arch_llama() {
  static const Architecture architecture{
      .name = "llama",
      .prefix = "model.",
      .model_types = {"llama"},
      .classes = {{"LlamaForCausalLM", HeadKind::kCausalLanguageModel},
                  {"LlamaForSequenceClassification", HeadKind::kSequenceClassification},
                  {"LlamaForTokenClassification", HeadKind::kTokenClassification},
                  {"LlamaForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"LlamaModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

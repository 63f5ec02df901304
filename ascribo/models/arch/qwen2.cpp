// SPDX-License-Identifier: MIT
// Qwen2 and 2.5 (Yang et al. 2024): Llama with biases of queries, keys and values.
#include "ascribo/models/llama_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  return build_llama(checkpoint, {.query_bias = Bias::kStored, .windows = Windows::kNamed});
}

}  // namespace

const Architecture& arch_qwen2() {
  static const Architecture architecture{
      .name = "qwen2",
      .prefix = "model.",
      .model_types = {"qwen2"},
      .classes = {{"Qwen2ForCausalLM", HeadKind::kCausalLanguageModel},
                  {"Qwen2ForSequenceClassification", HeadKind::kSequenceClassification},
                  {"Qwen2ForTokenClassification", HeadKind::kTokenClassification},
                  {"Qwen2ForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"Qwen2Model", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

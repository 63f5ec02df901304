// SPDX-License-Identifier: MIT
// Qwen3 (Yang et al. 2025): Llama with norms of every head of queries and keys.
#include "ascribo/models/llama_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  return build_llama(
      checkpoint,
      {.config_biases = true, .head_norms = true, .head_dim = 128, .windows = Windows::kNamed});
}

}  // namespace

const Architecture& arch_qwen3() {
  static const Architecture architecture{
      .name = "qwen3",
      .prefix = "model.",
      .model_types = {"qwen3"},
      .classes = {{"Qwen3ForCausalLM", HeadKind::kCausalLanguageModel},
                  {"Qwen3ForSequenceClassification", HeadKind::kSequenceClassification},
                  {"Qwen3ForTokenClassification", HeadKind::kTokenClassification},
                  {"Qwen3ForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"Qwen3Model", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Gemma (Gemma Team 2024): Llama with scaled words, norms that add one, heads of their own width.
#include "ascribo/models/llama_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  return build_llama(checkpoint, {.config_biases = true,
                                  .norm_offset = 1,
                                  .scaled_words = true,
                                  .tied = true,
                                  .head_dim = 256,
                                  .hidden_act = "gelu_pytorch_tanh"});
}

}  // namespace

const Architecture& arch_gemma() {
  static const Architecture architecture{
      .name = "gemma",
      .prefix = "model.",
      .model_types = {"gemma"},
      .classes = {{"GemmaForCausalLM", HeadKind::kCausalLanguageModel},
                  {"GemmaForSequenceClassification", HeadKind::kSequenceClassification},
                  {"GemmaForTokenClassification", HeadKind::kTokenClassification},
                  {"GemmaModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

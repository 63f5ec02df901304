// SPDX-License-Identifier: MIT
// Phi-3 and 4 (Abdin et al. 2024): Llama with fused products.
#include "ascribo/models/llama_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  return build_llama(checkpoint, {.fused = true, .windows = Windows::kAll, .rms_norm_eps = 1e-5});
}

}  // namespace

const Architecture& arch_phi3() {
  static const Architecture architecture{
      .name = "phi3",
      .prefix = "model.",
      .model_types = {"phi3"},
      .classes = {{"Phi3ForCausalLM", HeadKind::kCausalLanguageModel},
                  {"Phi3ForSequenceClassification", HeadKind::kSequenceClassification},
                  {"Phi3ForTokenClassification", HeadKind::kTokenClassification},
                  {"Phi3Model", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// XLM-RoBERTa (Conneau et al. 2020).
#include "ascribo/models/roberta_layout.h"

namespace ascribo {

const Architecture& arch_xlm_roberta() {
  static const Architecture architecture{
      .name = "xlm-roberta",
      .prefix = "roberta.",
      .model_types = {"xlm-roberta"},
      .classes = {{"XLMRobertaForSequenceClassification", HeadKind::kSequenceClassification},
                  {"XLMRobertaForTokenClassification", HeadKind::kTokenClassification},
                  {"XLMRobertaForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"XLMRobertaForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"XLMRobertaModel", HeadKind::kBase}},
      .build = build_roberta};
  return architecture;
}

}  // namespace ascribo

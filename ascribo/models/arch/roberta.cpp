// SPDX-License-Identifier: MIT
// RoBERTa (Liu et al. 2019).
#include "ascribo/models/roberta_layout.h"

namespace ascribo {

const Architecture& arch_roberta() {
  static const Architecture architecture{
      .name = "roberta",
      .prefix = "roberta.",
      .model_types = {"roberta"},
      .classes = {{"RobertaForSequenceClassification", HeadKind::kSequenceClassification},
                  {"RobertaForTokenClassification", HeadKind::kTokenClassification},
                  {"RobertaForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"RobertaForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"RobertaModel", HeadKind::kBase}},
      .build = build_roberta};
  return architecture;
}

}  // namespace ascribo

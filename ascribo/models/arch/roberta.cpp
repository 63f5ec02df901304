// SPDX-License-Identifier: MIT
// RoBERTa (Liu et al. 2019), and CamemBERT (Martin et al. 2020), which is RoBERTa in French.
#include "ascribo/models/roberta_layout.h"

namespace ascribo {

const Architecture& arch_roberta() {
  static const Architecture architecture{
      .name = "roberta",
      .prefix = "roberta.",
      .model_types = {"roberta", "camembert"},
      .classes = {{"RobertaForSequenceClassification", HeadKind::kSequenceClassification},
                  {"RobertaForTokenClassification", HeadKind::kTokenClassification},
                  {"RobertaForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"RobertaForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"RobertaModel", HeadKind::kBase},
                  {"CamembertForSequenceClassification", HeadKind::kSequenceClassification},
                  {"CamembertForTokenClassification", HeadKind::kTokenClassification},
                  {"CamembertForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"CamembertForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"CamembertModel", HeadKind::kBase}},
      .build = build_roberta};
  return architecture;
}

}  // namespace ascribo

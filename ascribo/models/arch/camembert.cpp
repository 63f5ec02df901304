// SPDX-License-Identifier: MIT
// CamemBERT (Martin et al. 2020).
#include "ascribo/models/roberta_layout.h"

namespace ascribo {

const Architecture& arch_camembert() {
  static const Architecture architecture{
      .name = "camembert",
      .prefix = "roberta.",
      .model_types = {"camembert"},
      .classes = {{"CamembertForSequenceClassification", HeadKind::kSequenceClassification},
                  {"CamembertForTokenClassification", HeadKind::kTokenClassification},
                  {"CamembertForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"CamembertForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"CamembertModel", HeadKind::kBase}},
      .build = build_roberta};
  return architecture;
}

}  // namespace ascribo

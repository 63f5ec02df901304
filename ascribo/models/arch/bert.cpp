// SPDX-License-Identifier: MIT
// BERT (Devlin, Chang, Lee, Toutanova 2019).
#include "ascribo/models/bert_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const BertConfig config = read_bert_config(checkpoint.config, BertConfig());
  const std::string masked = "cls.predictions.";
  return build_bert(checkpoint, "bert.", config,
                    {{.kind = HeadKind::kSequenceClassification,
                      .dense = "bert.pooler.dense",
                      .activation = Activation::kTanh,
                      .out = "classifier"},
                     {.kind = HeadKind::kTokenClassification, .out = "classifier"},
                     {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
                     {.kind = HeadKind::kMaskedLanguageModel,
                      .dense = masked + "transform.dense",
                      .activation = config.hidden_act,
                      .norm = masked + "transform.LayerNorm",
                      .out = masked + "decoder",
                      .bias = masked + "bias"}});
}

}  // namespace

const Architecture& arch_bert() {
  static const Architecture architecture{
      .name = "bert",
      .prefix = "bert.",
      .model_types = {"bert"},
      .classes = {{"BertForSequenceClassification", HeadKind::kSequenceClassification},
                  {"BertForTokenClassification", HeadKind::kTokenClassification},
                  {"BertForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"BertForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"BertForPreTraining", HeadKind::kMaskedLanguageModel},
                  {"BertModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

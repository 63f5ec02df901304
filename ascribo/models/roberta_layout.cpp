// SPDX-License-Identifier: MIT
// Where RoBERTa differs from BERT.
#include "ascribo/models/roberta_layout.h"

namespace ascribo {

std::unique_ptr<Model> build_roberta(Checkpoint checkpoint) {
  BertConfig defaults;
  defaults.vocab_size = 50265;
  defaults.padding_position = 1;
  const BertConfig config = read_bert_config(checkpoint.config, defaults);
  return build_bert(checkpoint, "roberta.", config,
                    {{.kind = HeadKind::kSequenceClassification,
                      .dense = "classifier.dense",
                      .activation = Activation::kTanh,
                      .out = "classifier.out_proj"},
                     {.kind = HeadKind::kTokenClassification, .out = "classifier"},
                     {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
                     // GELU always, whatever hidden_act is.
                     {.kind = HeadKind::kMaskedLanguageModel,
                      .dense = "lm_head.dense",
                      .activation = Activation::kGelu,
                      .norm = "lm_head.layer_norm",
                      .out = "lm_head.decoder",
                      .bias = "lm_head.bias"}});
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// ELECTRA (Clark, Luong, Le, Manning 2020): classifiers, the discriminator that tells replaced
// tokens from original ones, and the generator that fills masks.
#include "ascribo/models/bert_layout.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  BertConfig defaults;
  defaults.embedding_size = 128;
  defaults.hidden_size = 256;
  defaults.num_attention_heads = 4;
  defaults.intermediate_size = 1024;
  const BertConfig config = read_bert_config(checkpoint.config, defaults);
  std::vector<HeadLayout> heads = {// GELU always, whatever hidden_act is.
                                   {.kind = HeadKind::kSequenceClassification,
                                    .dense = "classifier.dense",
                                    .activation = Activation::kGelu,
                                    .out = "classifier.out_proj"},
                                   {.kind = HeadKind::kTokenClassification, .out = "classifier"},
                                   {.kind = HeadKind::kQuestionAnswering, .out = "qa_outputs"},
                                   {.kind = HeadKind::kMaskedLanguageModel,
                                    .dense = "generator_predictions.dense",
                                    .activation = Activation::kGelu,
                                    .norm = "generator_predictions.LayerNorm",
                                    .out = "generator_lm_head",
                                    .bias = "generator_lm_head.bias"}};
  const bool discriminator = checkpoint.info.architecture == "ElectraForPreTraining";
  if (discriminator) {
    heads[1] = {.kind = HeadKind::kTokenClassification,
                .dense = "discriminator_predictions.dense",
                .activation = config.hidden_act,
                .out = "discriminator_predictions.dense_prediction",
                .labels = {"replaced"}};
  }
  return build_bert(checkpoint, "electra.", config, heads);
}

}  // namespace

const Architecture& arch_electra() {
  static const Architecture architecture{
      .name = "electra",
      .prefix = "electra.",
      .model_types = {"electra"},
      .classes = {{"ElectraForSequenceClassification", HeadKind::kSequenceClassification},
                  {"ElectraForTokenClassification", HeadKind::kTokenClassification},
                  {"ElectraForQuestionAnswering", HeadKind::kQuestionAnswering},
                  {"ElectraForMaskedLM", HeadKind::kMaskedLanguageModel},
                  {"ElectraForPreTraining", HeadKind::kTokenClassification},
                  {"ElectraModel", HeadKind::kBase}},
      .build = build};
  return architecture;
}

}  // namespace ascribo

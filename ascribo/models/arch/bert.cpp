// SPDX-License-Identifier: MIT
// BERT (Devlin et al. 2019) with a sequence-classification head.
#include "ascribo/models/bert_layout.h"
#include "ascribo/models/config.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  const BertConfig config = read_bert_config(checkpoint.config, BertConfig());
  Weights& weights = checkpoint.weights;
  EncoderParts parts = read_bert_encoder(weights, "bert.", config);
  parts.head.dense = weights.linear("bert.pooler.dense", config.hidden_size, config.hidden_size);
  parts.head.activation = Activation::kTanh;
  parts.head.out = read_classifier(checkpoint, "classifier", config.hidden_size);
  return make_encoder_classifier(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_bert() {
  static const Architecture architecture{.name = "bert",
                                         .prefix = "bert.",
                                         .model_types = {"bert"},
                                         .architectures = {"BertForSequenceClassification"},
                                         .build = build};
  return architecture;
}

}  // namespace ascribo

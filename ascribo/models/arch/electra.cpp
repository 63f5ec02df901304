// SPDX-License-Identifier: MIT
// ELECTRA (Clark et al. 2020) with a sequence-classification head.
#include "ascribo/models/bert_layout.h"
#include "ascribo/models/config.h"

namespace ascribo {
namespace {

std::unique_ptr<Model> build(Checkpoint checkpoint) {
  BertConfig defaults;
  defaults.embedding_size = 128;
  defaults.hidden_size = 256;
  defaults.num_attention_heads = 4;
  defaults.intermediate_size = 1024;
  const BertConfig config = read_bert_config(checkpoint.config, defaults);
  Weights& weights = checkpoint.weights;
  EncoderParts parts = read_bert_encoder(weights, "electra.", config);
  parts.head.dense = weights.linear("classifier.dense", config.hidden_size, config.hidden_size);
  parts.head.activation = Activation::kGelu;  // always, whatever hidden_act is
  parts.head.out = read_classifier(checkpoint, "classifier.out_proj", config.hidden_size);
  return make_encoder_classifier(checkpoint, std::move(parts));
}

}  // namespace

const Architecture& arch_electra() {
  static const Architecture architecture{.name = "electra",
                                         .prefix = "electra.",
                                         .model_types = {"electra"},
                                         .architectures = {"ElectraForSequenceClassification"},
                                         .build = build};
  return architecture;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The config fields and weight names that BERT and its relatives share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/models/transformer.h"

namespace ascribo {

/// Sizes as config.json names them; an architecture fills in its own defaults first.
struct BertConfig {
  std::int64_t vocab_size = 30522;
  std::int64_t embedding_size = 0;  ///< 0: as hidden_size
  std::int64_t hidden_size = 768;
  std::int64_t num_hidden_layers = 12;
  std::int64_t num_attention_heads = 12;
  std::int64_t intermediate_size = 3072;
  std::int64_t max_position_embeddings = 512;
  std::int64_t type_vocab_size = 2;
  double layer_norm_eps = 1e-12;
  std::optional<std::int64_t> padding_position = {};  ///< see ModelInfo; set: as pad_token_id
  Activation hidden_act = Activation::kGelu;
};

/// The fields that config.json has, the defaults for those it has not. embedding_size is read only
/// where the defaults have one.
BertConfig read_bert_config(const Json& config, const BertConfig& defaults);

/// Embeddings and layers below `base` ("bert."), without a head.
TransformerParts read_bert_encoder(Weights& weights, const std::string& base,
                                   const BertConfig& config);

/// The whole model: encoder and head.
std::unique_ptr<Model> build_bert(Checkpoint& checkpoint, const std::string& base,
                                  const BertConfig& config, const std::vector<HeadLayout>& heads);

}  // namespace ascribo

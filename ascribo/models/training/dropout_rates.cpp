// SPDX-License-Identifier: MIT
// The names and defaults of dropout in every family, as transformers trains them.
#include "ascribo/models/training/dropout_rates.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

/// The first of these fields that the config has.
double rate_of(const Json& config, std::initializer_list<std::string_view> keys, double fallback) {
  for (const std::string_view key : keys) {
    if (!config.find(key)) continue;
    const double rate = config.number_or(key, fallback);
    if (rate >= 0 && rate < 1) return rate;
    fail(Code::kBadCheckpoint, "config.json", std::string(key) + " is " + std::to_string(rate),
         "expected 0 to below 1");
  }
  return fallback;
}

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool classifies(HeadKind head) {
  return head == HeadKind::kSequenceClassification || head == HeadKind::kTokenClassification;
}

DropoutRates bert_rates(const Json& config, std::string_view type, HeadKind head) {
  const bool albert = type == "albert", deberta = type == "deberta-v2";
  const double usual = albert ? 0 : 0.1;
  const double hidden = rate_of(config, {"hidden_dropout_prob"}, usual);
  DropoutRates rates;
  rates.embeddings = rates.attn_out = hidden;
  rates.ffn_out = albert ? 0 : hidden;
  rates.attention = rate_of(config, {"attention_probs_dropout_prob"}, usual);
  if (deberta) rates.distances = rates.convolution = hidden;
  if (!classifies(head)) return rates;
  const bool text = head == HeadKind::kSequenceClassification;
  rates.head_out = hidden;
  if (albert) rates.head_out = rate_of(config, {"classifier_dropout_prob"}, 0.1);
  if (deberta && text) {
    rates.head_in = rate_of(config, {"pooler_dropout"}, 0);
    rates.head_out = rate_of(config, {"cls_dropout"}, hidden);
  }
  if (!albert && !deberta && type != "mpnet") {
    rates.head_out = rate_of(config, {"classifier_dropout"}, hidden);
  }
  if (text && one_of(type, {"electra", "roberta", "xlm-roberta", "camembert", "mpnet"})) {
    rates.head_in = rates.head_out;
  }
  return rates;
}

DropoutRates distilbert_rates(const Json& config, HeadKind head) {
  DropoutRates rates;
  rates.embeddings = rates.ffn_out = rate_of(config, {"dropout"}, 0.1);
  rates.attention = rate_of(config, {"attention_dropout"}, 0.1);
  if (head == HeadKind::kSequenceClassification) {
    rates.head_out = rate_of(config, {"seq_classif_dropout"}, 0.2);
  } else if (head == HeadKind::kTokenClassification) {
    rates.head_out = rates.embeddings;
  } else if (head == HeadKind::kQuestionAnswering) {
    rates.head_out = rate_of(config, {"qa_dropout"}, 0.1);
  }
  return rates;
}

DropoutRates modernbert_rates(const Json& config, HeadKind head) {
  DropoutRates rates;
  rates.embeddings = rate_of(config, {"embedding_dropout"}, 0);
  rates.attention = rates.attn_out = rate_of(config, {"attention_dropout"}, 0);
  rates.ffn_inner = rate_of(config, {"mlp_dropout"}, 0);
  const bool drops = classifies(head) || head == HeadKind::kQuestionAnswering;
  if (drops) rates.head_out = rate_of(config, {"classifier_dropout"}, 0);
  return rates;
}

DropoutRates causal_rates(const Json& config, std::string_view type, HeadKind head) {
  DropoutRates rates;
  if (type == "gpt2") {
    rates.embeddings = rate_of(config, {"embd_pdrop"}, 0.1);
    rates.attention = rate_of(config, {"attn_pdrop"}, 0.1);
    rates.attn_out = rates.ffn_out = rate_of(config, {"resid_pdrop"}, 0.1);
  } else if (type == "opt") {
    rates.attention = rate_of(config, {"attention_dropout"}, 0);
    rates.attn_out = rates.ffn_out = rate_of(config, {"dropout"}, 0.1);
  } else if (one_of(type, {"bloom", "gpt_neox"})) {
    rates.attention = rate_of(config, {"attention_dropout"}, 0);
    rates.attn_out = rates.ffn_out = rate_of(config, {"hidden_dropout"}, 0);
    if (type == "gpt_neox") rates.embeddings = rates.attn_out;
  } else {
    rates.attention = rate_of(config, {"attention_dropout"}, 0);
    if (type == "phi3") rates.attn_out = rates.ffn_out = rate_of(config, {"resid_pdrop"}, 0);
  }
  if (head == HeadKind::kTokenClassification) {
    rates.head_out = rate_of(config, {"classifier_dropout", "hidden_dropout"}, 0.1);
  }
  return rates;
}

}  // namespace

DropoutRates read_dropout_rates(const Json& config, std::string_view type, HeadKind head) {
  if (one_of(type, {"bert", "electra", "roberta", "xlm-roberta", "camembert", "albert", "mpnet",
                    "deberta-v2"})) {
    return bert_rates(config, type, head);
  }
  if (type == "distilbert") return distilbert_rates(config, head);
  if (type == "modernbert") return modernbert_rates(config, head);
  return causal_rates(config, type, head);
}

}  // namespace ascribo

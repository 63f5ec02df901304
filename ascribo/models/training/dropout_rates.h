// SPDX-License-Identifier: MIT
// How many values training leaves out, and where.
#pragma once

#include <string_view>

#include "ascribo/base/json.h"
#include "ascribo/models/model.h"

namespace ascribo {

/// Shares of values, 0 to below 1.
struct DropoutRates {
  double embeddings = 0;   ///< after their norm
  double attention = 0;    ///< of attention's probabilities
  double attn_out = 0;     ///< of what attention adds
  double ffn_inner = 0;    ///< before the feed-forward's second product
  double ffn_out = 0;      ///< of what the feed-forward adds
  double distances = 0;    ///< of embedded distances (DeBERTa)
  double convolution = 0;  ///< beside the first layer (DeBERTa)
  double head_in = 0;      ///< before the head's first product
  double head_out = 0;     ///< before its last, where it is another
};

/// As the config of such a model states them or, where it does not, as its family has them. Errors:
/// kBadCheckpoint for a rate that is none.
DropoutRates read_dropout_rates(const Json& config, std::string_view model_type, HeadKind head);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Decoders laid out as Llama's: norms by root mean square, rotary positions, gated feed-forward,
// heads of keys and values that several heads of queries share.
#pragma once

#include <memory>
#include <string_view>

#include "ascribo/models/architecture.h"

namespace ascribo {

/// Which layers see only the tokens nearby.
enum class Windows {
  kNone,
  kAll,    ///< sliding_window: all of them, unless it is null
  kNamed,  ///< layer_types, or from max_window_layers on where use_sliding_window says so
};

/// Where a family differs from Llama; the rest stands in its config.
struct LlamaDialect {
  Bias query_bias = Bias::kNone;   ///< of queries, keys and values
  Bias output_bias = Bias::kNone;  ///< of attention's output
  bool config_biases = false;      ///< attention_bias and mlp_bias decide instead
  bool head_norms = false;         ///< queries and keys are normalised head by head
  bool fused = false;              ///< qkv_proj and gate_up_proj
  double norm_offset = 0;          ///< added to the weights of norms
  bool scaled_words = false;       ///< word embeddings times sqrt(hidden)
  bool tied = false;               ///< the output matrix, where the config does not say
  std::int64_t head_dim = 0;       ///< likewise; 0: hidden / heads
  std::string_view hidden_act = "silu";
  Windows windows = Windows::kNone;
  double rms_norm_eps = 1e-6;
};

std::unique_ptr<Model> build_llama(Checkpoint& checkpoint, const LlamaDialect& dialect);

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The help texts of options that several gradient methods declare.
#pragma once

namespace ascribo {

inline constexpr char kAtHelp[] =
    "where gradients are taken: word_embeddings, embeddings (after positions, types and LayerNorm) "
    "or layer:N (the input of layer N)";
inline constexpr char kReduceHelp[] =
    "how the dimensions of a token become one number; l2, l1 and mean_abs lose the sign";
inline constexpr char kAggregateHelp[] = "how the tokens of a unit become one number";

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The element-wise activations that published configs name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo {

enum class Activation {
  kIdentity,      ///< "linear"
  kRelu,          ///< "relu"
  kRelu2,         ///< "relu2": relu(x)^2
  kRelu6,         ///< "relu6"
  kLeakyRelu,     ///< "leaky_relu", slope 0.01
  kElu,           ///< "elu"
  kGelu,          ///< "gelu", "gelu_python": x Phi(x), with erf
  kGeluTanh,      ///< "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_accurate", ...
  kGelu10,        ///< "gelu_10": gelu clipped to [-10, 10]
  kQuickGelu,     ///< "quick_gelu": x sigmoid(1.702 x)
  kSilu,          ///< "silu", "swish"
  kMish,          ///< "mish"
  kTanh,          ///< "tanh"
  kSigmoid,       ///< "sigmoid"
  kHardSwish,     ///< "hardswish": x relu6(x + 3) / 6
  kSqrtSoftplus,  ///< "sqrtsoftplus"
  kLaplace,       ///< "laplace": Phi((x - sqrt(1/2)) sqrt(4 pi)), Ma et al. 2022
};

/// The activation that a config names, if known; names as transformers spells them.
std::optional<Activation> find_activation(std::string_view name);
std::vector<std::string> activation_names();

namespace ops {

/// f(x) in place.
void activate(Activation function, float* x, std::int64_t count);
void activate(Activation function, double* x, std::int64_t count);
/// The same, and f'(x) into slope.
void activate(Activation function, float* x, std::int64_t count, float* slope);

/// f(x) element by element.
Variable activation(const Variable& x, Activation function);

}  // namespace ops
}  // namespace ascribo

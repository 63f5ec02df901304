// SPDX-License-Identifier: MIT
// A tensor with the name that it has among others.
#pragma once

#include <string>
#include <vector>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

using NamedTensors = std::vector<NamedTensor>;

}  // namespace ascribo

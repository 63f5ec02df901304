// SPDX-License-Identifier: MIT
// PyTorch's element types by the names of their storages, and as safetensors calls them.
#pragma once

#include <cstdint>
#include <string_view>

namespace ascribo {

struct TorchDtype {
  std::string_view storage;  ///< "torch.FloatStorage"
  std::string_view torch;    ///< "torch.float32"
  std::string_view dtype;    ///< "F32"
  std::uint64_t size;
};

/// By either of PyTorch's names; nullptr when nobody knows it.
const TorchDtype* find_torch_dtype(std::string_view name);

}  // namespace ascribo

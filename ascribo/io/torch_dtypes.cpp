// SPDX-License-Identifier: MIT
// The table of PyTorch's element types.
#include "ascribo/io/torch_dtypes.h"

namespace ascribo {

const TorchDtype* find_torch_dtype(std::string_view name) {
  static constexpr TorchDtype kTypes[] = {
      {"torch.FloatStorage", "torch.float32", "F32", 4},
      {"torch.DoubleStorage", "torch.float64", "F64", 8},
      {"torch.HalfStorage", "torch.float16", "F16", 2},
      {"torch.BFloat16Storage", "torch.bfloat16", "BF16", 2},
      {"torch.LongStorage", "torch.int64", "I64", 8},
      {"torch.IntStorage", "torch.int32", "I32", 4},
      {"torch.ShortStorage", "torch.int16", "I16", 2},
      {"torch.CharStorage", "torch.int8", "I8", 1},
      {"torch.ByteStorage", "torch.uint8", "U8", 1},
      {"torch.BoolStorage", "torch.bool", "BOOL", 1},
      {"torch.ComplexFloatStorage", "torch.complex64", "C64", 8},
      {"torch.ComplexDoubleStorage", "torch.complex128", "C128", 16},
      {"", "torch.uint16", "U16", 2},
      {"", "torch.uint32", "U32", 4},
      {"", "torch.uint64", "U64", 8},
      {"", "torch.float8_e4m3fn", "F8_E4M3", 1},
      {"", "torch.float8_e5m2", "F8_E5M2", 1},
  };
  if (name.starts_with("torch.cuda.") && name.ends_with("Storage")) {
    for (const TorchDtype& each : kTypes) {  // "torch.cuda.FloatStorage"
      if (!each.storage.empty() && each.storage.substr(6) == name.substr(11)) return &each;
    }
  }
  for (const TorchDtype& each : kTypes) {
    if (name == each.torch || name == each.storage) return &each;
  }
  return nullptr;
}

}  // namespace ascribo

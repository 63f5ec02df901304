// SPDX-License-Identifier: MIT
// model.safetensors: headers that lie, and every tensor that is still offered.
#include "ascribo/io/weight_files.h"
#include "fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ascribo::fuzz::Folder folder;
  folder.write("model.safetensors", ascribo::fuzz::text_of(data, size));
  return ascribo::fuzz::expect_error_or_nothing([] {
    const auto files = ascribo::WeightFiles::open(folder.path());
    for (const auto& stored : files->tensors()) {
      const ascribo::Tensor tensor = files->load(stored.name);
      if (tensor.numel() > 0) tensor.to(ascribo::Dtype::kF64);  // touches every element
    }
  });
}

// SPDX-License-Identifier: MIT
// Pickles, alone and as pytorch_model.bin: nothing is called, nothing is read past its end.
#include "ascribo/io/pickle.h"

#include "ascribo/io/weight_files.h"
#include "fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ascribo::PickleValue;
  ascribo::fuzz::expect_error_or_nothing([&] {
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    const PickleValue value = PickleValue::read({bytes, size}, "pickle");
    std::size_t length = 0;
    value.all(PickleValue::Kind::kString,
              [&](const PickleValue& text) { length += text.string().size(); });
    value.all(PickleValue::Kind::kObject,
              [&](const PickleValue& object) { length += object.name().size(); });
  });
  static const ascribo::fuzz::Folder folder;
  folder.write("pytorch_model.bin", ascribo::fuzz::text_of(data, size));
  return ascribo::fuzz::expect_error_or_nothing([] {
    const auto files = ascribo::WeightFiles::open(folder.path());
    for (const auto& stored : files->tensors()) {
      const ascribo::Tensor tensor = files->load(stored.name);
      if (tensor.numel() > 0) tensor.to(ascribo::Dtype::kF64);
    }
  });
}

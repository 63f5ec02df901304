// SPDX-License-Identifier: MIT
// tokenizer.json: any description is refused, or makes a tokenizer that keeps its promises.
#include "fuzz/encodings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ascribo::fuzz::Folder folder;
  folder.write("tokenizer.json", ascribo::fuzz::text_of(data, size));
  return ascribo::fuzz::expect_error_or_nothing([] {
    const auto tokenizer = ascribo::Tokenizer::open(folder.path());
    tokenizer->stages();
    ascribo::fuzz::check_encoding(*tokenizer, "A caf\u00e9, 3 \u732b  [MASK] <mask>!");
  });
}

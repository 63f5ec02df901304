// SPDX-License-Identifier: MIT
// sentencepiece models, as the three families read them.
#include "fuzz/encodings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ascribo::fuzz::Folder folder;
  folder.write("spiece.model", ascribo::fuzz::text_of(data, size));
  for (const char* family : {"T5Tokenizer", "AlbertTokenizer", "LlamaTokenizer"}) {
    folder.write("tokenizer_config.json", "{\"tokenizer_class\": \"" + std::string(family) + "\"}");
    ascribo::fuzz::expect_error_or_nothing([] {
      const auto tokenizer = ascribo::Tokenizer::open(folder.path());
      ascribo::fuzz::check_encoding(*tokenizer, "A caf\u00e9, 3 \u732b  <mask>!");
    });
  }
  return 0;
}

// SPDX-License-Identifier: MIT
// Texts of any bytes, through a tokenizer of each kind.
#include <array>
#include <memory>

#include "fuzz/encodings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto open = [](const char* name) {
    return ascribo::Tokenizer::open(std::filesystem::path(ASCRIBO_GOLDEN) / name);
  };
  static const std::array tokenizers{open("bert-cls"), open("roberta-cls"), open("xlm-roberta-cls"),
                                     open("deberta-v2-cls")};
  for (const auto& tokenizer : tokenizers) {
    ascribo::fuzz::expect_error_or_nothing(
        [&] { ascribo::fuzz::check_encoding(*tokenizer, ascribo::fuzz::text_of(data, size)); });
  }
  return 0;
}

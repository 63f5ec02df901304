// SPDX-License-Identifier: MIT
// Reads the option `at`.
#include "ascribo/explain/at.h"

#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/nearest.h"

namespace ascribo {

TapPoint parse_at(std::string_view text, const ModelInfo& model) {
  if (text == "word_embeddings") return {Tap::kWordEmbeddings, -1};
  if (text == "embeddings") return {Tap::kEmbeddings, -1};
  const std::string last = "layer:" + std::to_string(model.layers);
  const std::string given = "\"" + std::string(text) + "\" was given";
  if (text.starts_with("layer:")) {
    const auto layer = parse_integer(text.substr(std::string_view("layer:").size()));
    if (layer && *layer >= 0 && *layer <= model.layers) {
      return {Tap::kHidden, static_cast<int>(*layer)};
    }
    fail(Code::kInvalidArgument, "at", given,
         "expected layer:0 to " + last + " (" + last + " is the last hidden state)");
  }
  fail(Code::kUnknownName, "at", given,
       "expected word_embeddings, embeddings or layer:0 to " + last,
       nearest_hint(text, {"word_embeddings", "embeddings"}));
}

}  // namespace ascribo

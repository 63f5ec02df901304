// SPDX-License-Identifier: MIT
// Prepend: puts a text before what is not empty.
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Prepend : public Normalizer {
 public:
  explicit Prepend(std::string_view text) : text_(text, "prepend") {}

  void apply(NormalizedText& text) const override { text.prepend(text_); }
  std::string describe() const override { return "Prepend (\"" + text_.utf8() + "\")"; }

 private:
  NormalizedText text_;
};

std::unique_ptr<Normalizer> make(const Json& description, std::string_view) {
  return std::make_unique<Prepend>(description.at("prepend").string());
}

}  // namespace

const NormalizerStage& stage_prepend() {
  static constexpr NormalizerStage kStage{"Prepend", make};
  return kStage;
}

}  // namespace ascribo::normalizers

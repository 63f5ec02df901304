// SPDX-License-Identifier: MIT
// StripAccents: drops combining marks; NFD before it takes them off their letters.
#include "ascribo/text/stage.h"
#include "ascribo/text/unicode.h"

namespace ascribo::normalizers {
namespace {

class StripAccents : public Normalizer {
 public:
  void apply(NormalizedText& text) const override {
    text.filter([](char32_t c) { return !is_combining_mark(c); });
  }
  std::string describe() const override { return "StripAccents"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) {
  return std::make_unique<StripAccents>();
}

}  // namespace

const NormalizerStage& stage_strip_accents() {
  static constexpr NormalizerStage kStage{"StripAccents", make};
  return kStage;
}

}  // namespace ascribo::normalizers

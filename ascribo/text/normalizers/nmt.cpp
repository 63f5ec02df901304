// SPDX-License-Identifier: MIT
// Nmt: drops controls, and makes spaces of what else is or looks like one.
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

bool is_dropped(char32_t c) {
  return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F ||
         c == 0x8F || c == 0x9F;
}

bool becomes_space(char32_t c) {
  return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == 0x1680 ||
         (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF ||
         c == 0xFFFD;
}

class Nmt : public Normalizer {
 public:
  void apply(NormalizedText& text) const override {
    text.filter([](char32_t c) { return !is_dropped(c); });
    text.map([](char32_t c) { return becomes_space(c) ? U' ' : c; });
  }
  std::string describe() const override { return "Nmt"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) { return std::make_unique<Nmt>(); }

}  // namespace

const NormalizerStage& stage_nmt() {
  static constexpr NormalizerStage kStage{"Nmt", make};
  return kStage;
}

}  // namespace ascribo::normalizers

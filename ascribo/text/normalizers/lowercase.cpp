// SPDX-License-Identifier: MIT
// Lowercase: each code point by itself, whatever stands around it.
#include "ascribo/text/stage.h"
#include "ascribo/text/unicode.h"

namespace ascribo::normalizers {
namespace {

class Lowercase : public Normalizer {
 public:
  void apply(NormalizedText& text) const override { to_lower_case(text); }
  std::string describe() const override { return "Lowercase"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) {
  return std::make_unique<Lowercase>();
}

}  // namespace

const NormalizerStage& stage_lowercase() {
  static constexpr NormalizerStage kStage{"Lowercase", make};
  return kStage;
}

}  // namespace ascribo::normalizers

// SPDX-License-Identifier: MIT
// NFC: decomposes a text and puts it together again.
#include "ascribo/text/normal_forms.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Nfc : public Normalizer {
 public:
  void apply(NormalizedText& text) const override { to_nfc(text); }
  std::string describe() const override { return "NFC"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) { return std::make_unique<Nfc>(); }

}  // namespace

const NormalizerStage& stage_nfc() {
  static constexpr NormalizerStage kStage{"NFC", make};
  return kStage;
}

}  // namespace ascribo::normalizers

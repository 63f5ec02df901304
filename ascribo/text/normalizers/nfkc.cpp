// SPDX-License-Identifier: MIT
// NFKC: NFC that also evens out ligatures, widths and the like.
#include "ascribo/text/normal_forms.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Nfkc : public Normalizer {
 public:
  void apply(NormalizedText& text) const override { to_nfkc(text); }
  std::string describe() const override { return "NFKC"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) { return std::make_unique<Nfkc>(); }

}  // namespace

const NormalizerStage& stage_nfkc() {
  static constexpr NormalizerStage kStage{"NFKC", make};
  return kStage;
}

}  // namespace ascribo::normalizers

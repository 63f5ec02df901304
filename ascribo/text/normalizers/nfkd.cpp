// SPDX-License-Identifier: MIT
// NFKD: NFD that also evens out ligatures, widths and the like.
#include "ascribo/text/normal_forms.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Nfkd : public Normalizer {
 public:
  void apply(NormalizedText& text) const override { to_nfkd(text); }
  std::string describe() const override { return "NFKD"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) { return std::make_unique<Nfkd>(); }

}  // namespace

const NormalizerStage& stage_nfkd() {
  static constexpr NormalizerStage kStage{"NFKD", make};
  return kStage;
}

}  // namespace ascribo::normalizers

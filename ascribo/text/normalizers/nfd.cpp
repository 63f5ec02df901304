// SPDX-License-Identifier: MIT
// NFD: takes letters and their marks apart.
#include "ascribo/text/normal_forms.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Nfd : public Normalizer {
 public:
  void apply(NormalizedText& text) const override { to_nfd(text); }
  std::string describe() const override { return "NFD"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) { return std::make_unique<Nfd>(); }

}  // namespace

const NormalizerStage& stage_nfd() {
  static constexpr NormalizerStage kStage{"NFD", make};
  return kStage;
}

}  // namespace ascribo::normalizers

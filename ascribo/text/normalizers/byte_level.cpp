// SPDX-License-Identifier: MIT
// ByteLevel normalizer: writes the whole text as the characters of its bytes.
#include "ascribo/text/byte_level.h"

#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class ByteLevel : public Normalizer {
 public:
  void apply(NormalizedText& text) const override { to_byte_level(text); }
  std::string describe() const override { return "ByteLevel"; }
};

std::unique_ptr<Normalizer> make(const Json&, std::string_view) {
  return std::make_unique<ByteLevel>();
}

}  // namespace

const NormalizerStage& stage_byte_level() {
  static constexpr NormalizerStage kStage{"ByteLevel", make};
  return kStage;
}

}  // namespace ascribo::normalizers

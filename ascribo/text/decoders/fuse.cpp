// SPDX-License-Identifier: MIT
// Fuse decoder: makes one of all tokens, for what a later decoder does at the ends.
#include <utility>

#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class Fuse : public Decoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::string all;
    for (const std::string& token : tokens) all += token;
    tokens.assign(1, std::move(all));
  }
  std::string describe() const override { return "Fuse"; }
};

std::unique_ptr<Decoder> make(const Json&, std::string_view) { return std::make_unique<Fuse>(); }

}  // namespace

const DecoderStage& stage_fuse() {
  static constexpr DecoderStage kStage{"Fuse", make};
  return kStage;
}

}  // namespace ascribo::decoders

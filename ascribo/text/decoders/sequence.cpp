// SPDX-License-Identifier: MIT
// Sequence: decoders one after another.
#include <utility>
#include <vector>

#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class DecoderSequence : public Decoder {
 public:
  explicit DecoderSequence(std::vector<std::unique_ptr<Decoder>> parts)
      : parts_(std::move(parts)) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (const auto& part : parts_) part->apply(tokens);
  }

  std::string describe() const override {
    std::string all;
    for (const auto& part : parts_) all += (all.empty() ? "" : ", ") + part->describe();
    return "Sequence [" + all + "]";
  }

 private:
  std::vector<std::unique_ptr<Decoder>> parts_;
};

std::unique_ptr<Decoder> make(const Json& description, std::string_view where) {
  std::vector<std::unique_ptr<Decoder>> parts;
  description.at("decoders").elements([&](const Json& part) {
    parts.push_back(make_decoder(part, where));
  });
  return std::make_unique<DecoderSequence>(std::move(parts));
}

}  // namespace

const DecoderStage& stage_sequence() {
  static constexpr DecoderStage kStage{"Sequence", make};
  return kStage;
}

}  // namespace ascribo::decoders

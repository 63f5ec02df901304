// SPDX-License-Identifier: MIT
// Sequence: normalizers one after another.
#include <utility>
#include <vector>

#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class NormalizerSequence : public Normalizer {
 public:
  explicit NormalizerSequence(std::vector<std::unique_ptr<Normalizer>> parts)
      : parts_(std::move(parts)) {}

  void apply(NormalizedText& text) const override {
    for (const auto& part : parts_) part->apply(text);
  }

  std::string describe() const override {
    std::string all;
    for (const auto& part : parts_) all += (all.empty() ? "" : ", ") + part->describe();
    return "Sequence [" + all + "]";
  }

 private:
  std::vector<std::unique_ptr<Normalizer>> parts_;
};

std::unique_ptr<Normalizer> make(const Json& description, std::string_view where) {
  std::vector<std::unique_ptr<Normalizer>> parts;
  description.at("normalizers").elements([&](const Json& part) {
    parts.push_back(make_normalizer(part, where));
  });
  return std::make_unique<NormalizerSequence>(std::move(parts));
}

}  // namespace

const NormalizerStage& stage_sequence() {
  static constexpr NormalizerStage kStage{"Sequence", make};
  return kStage;
}

}  // namespace ascribo::normalizers

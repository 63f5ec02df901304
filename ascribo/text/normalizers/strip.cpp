// SPDX-License-Identifier: MIT
// Strip: takes the white space away at either end.
#include "ascribo/text/character_classes.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Strip : public Normalizer {
 public:
  Strip(bool left, bool right) : left_(left), right_(right) {}

  void apply(NormalizedText& text) const override {
    std::size_t begin = 0, end = text.size();
    while (left_ && begin < end && is_white_space(text[begin])) ++begin;
    while (right_ && begin < end && is_white_space(text[end - 1])) --end;
    std::size_t next = 0;
    text.filter([&](char32_t) {
      const std::size_t at = next++;
      return at >= begin && at < end;
    });
  }

  std::string describe() const override {
    if (left_ && right_) return "Strip (left, right)";
    return left_ ? "Strip (left)" : right_ ? "Strip (right)" : "Strip (nothing)";
  }

 private:
  bool left_, right_;
};

std::unique_ptr<Normalizer> make(const Json& description, std::string_view) {
  return std::make_unique<Strip>(description.at("strip_left").boolean(),
                                 description.at("strip_right").boolean());
}

}  // namespace

const NormalizerStage& stage_strip() {
  static constexpr NormalizerStage kStage{"Strip", make};
  return kStage;
}

}  // namespace ascribo::normalizers

// SPDX-License-Identifier: MIT
// Replace: puts a text in the place of whatever a pattern matches.
#include <utility>

#include "ascribo/text/patterns/pattern.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

class Replace : public Normalizer {
 public:
  Replace(Pattern pattern, std::string_view content)
      : pattern_(std::move(pattern)), content_(content), content_code_points_(content) {}

  void apply(NormalizedText& text) const override {
    text.replace(pattern_.regex.find_all(text), content_code_points_);
  }

  std::string describe() const override {
    return "Replace (" + pattern_.shown + " by \"" + content_ + "\")";
  }

 private:
  Pattern pattern_;
  std::string content_;
  NormalizedText content_code_points_;
};

std::unique_ptr<Normalizer> make(const Json& description, std::string_view where) {
  return std::make_unique<Replace>(read_pattern(description.at("pattern"), where),
                                   description.at("content").string());
}

}  // namespace

const NormalizerStage& stage_replace() {
  static constexpr NormalizerStage kStage{"Replace", make};
  return kStage;
}

}  // namespace ascribo::normalizers

// SPDX-License-Identifier: MIT
// Split: cuts at whatever a pattern matches, or between that.
#include <utility>

#include "ascribo/text/patterns/pattern.h"
#include "ascribo/text/patterns/split_behavior.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class SplitAtPattern : public PreTokenizer {
 public:
  SplitAtPattern(Pattern pattern, SplitBehavior behavior, bool invert)
      : pattern_(std::move(pattern)), behavior_(behavior), invert_(invert) {}

  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [&](const NormalizedText& text, std::vector<Split>& parts) {
      cut_at(text, pattern_.regex.find_all(text), behavior_, parts, invert_);
    });
  }

  std::string describe() const override {
    return "Split (" + std::string(name_of(behavior_)) + (invert_ ? ", all but " : ", ") +
           pattern_.shown + ")";
  }

 private:
  Pattern pattern_;
  SplitBehavior behavior_;
  bool invert_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view where) {
  return std::make_unique<SplitAtPattern>(read_pattern(description.at("pattern"), where),
                                          read_split_behavior(description.at("behavior"), where),
                                          description.boolean_or("invert", false));
}

}  // namespace

const PreTokenizerStage& stage_split() {
  static constexpr PreTokenizerStage kStage{"Split", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

// SPDX-License-Identifier: MIT
// WhitespaceSplit: words end at white space and nowhere else.
#include "ascribo/text/character_classes.h"
#include "ascribo/text/patterns/split_behavior.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class WhitespaceSplit : public PreTokenizer {
 public:
  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [](const NormalizedText& text, std::vector<Split>& parts) {
      cut_at(text, each_code_point(text, is_white_space), SplitBehavior::kRemoved, parts);
    });
  }

  std::string describe() const override { return "WhitespaceSplit"; }
};

std::unique_ptr<PreTokenizer> make(const Json&, std::string_view) {
  return std::make_unique<WhitespaceSplit>();
}

}  // namespace

const PreTokenizerStage& stage_whitespace_split() {
  static constexpr PreTokenizerStage kStage{"WhitespaceSplit", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

// SPDX-License-Identifier: MIT
// Punctuation: cuts at punctuation marks.
#include "ascribo/text/character_classes.h"
#include "ascribo/text/patterns/split_behavior.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class Punctuation : public PreTokenizer {
 public:
  explicit Punctuation(SplitBehavior behavior) : behavior_(behavior) {}

  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [&](const NormalizedText& text, std::vector<Split>& parts) {
      cut_at(text, each_code_point(text, is_punctuation), behavior_, parts);
    });
  }

  std::string describe() const override {
    return "Punctuation (" + std::string(name_of(behavior_)) + ")";
  }

 private:
  SplitBehavior behavior_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view where) {
  const auto behavior = description.find("behavior");
  return std::make_unique<Punctuation>(behavior ? read_split_behavior(*behavior, where)
                                                : SplitBehavior::kIsolated);
}

}  // namespace

const PreTokenizerStage& stage_punctuation() {
  static constexpr PreTokenizerStage kStage{"Punctuation", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

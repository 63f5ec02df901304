// SPDX-License-Identifier: MIT
// Digits: numbers, or single digits, are words of their own.
#include "ascribo/text/patterns/split_behavior.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/unicode.h"

namespace ascribo::pre_tokenizers {
namespace {

class Digits : public PreTokenizer {
 public:
  explicit Digits(bool individual) : individual_(individual) {}

  void apply(std::vector<Split>& splits) const override {
    const auto behavior = individual_ ? SplitBehavior::kIsolated : SplitBehavior::kContiguous;
    cut_each(splits, [&](const NormalizedText& text, std::vector<Split>& parts) {
      cut_at(text, each_code_point(text, is_number), behavior, parts);
    });
  }

  std::string describe() const override {
    return individual_ ? "Digits (individual_digits)" : "Digits";
  }

 private:
  bool individual_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view) {
  return std::make_unique<Digits>(description.boolean_or("individual_digits", false));
}

}  // namespace

const PreTokenizerStage& stage_digits() {
  static constexpr PreTokenizerStage kStage{"Digits", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

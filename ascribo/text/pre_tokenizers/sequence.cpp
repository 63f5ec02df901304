// SPDX-License-Identifier: MIT
// Sequence of pre-tokenizers: each cuts what the one before it left.
#include <utility>

#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class Sequence : public PreTokenizer {
 public:
  explicit Sequence(std::vector<std::unique_ptr<PreTokenizer>> stages)
      : stages_(std::move(stages)) {}

  void apply(std::vector<Split>& splits) const override {
    for (const auto& stage : stages_) stage->apply(splits);
  }

  std::string describe() const override {
    std::string what;
    for (const auto& stage : stages_) what += (what.empty() ? "" : ", ") + stage->describe();
    return "Sequence [" + what + "]";
  }

 private:
  std::vector<std::unique_ptr<PreTokenizer>> stages_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view where) {
  std::vector<std::unique_ptr<PreTokenizer>> stages;
  description.at("pretokenizers").elements([&](const Json& stage) {
    stages.push_back(make_pre_tokenizer(stage, where));
  });
  return std::make_unique<Sequence>(std::move(stages));
}

}  // namespace

const PreTokenizerStage& stage_sequence() {
  static constexpr PreTokenizerStage kStage{"Sequence", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

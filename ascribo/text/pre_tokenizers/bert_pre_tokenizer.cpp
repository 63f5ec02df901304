// SPDX-License-Identifier: MIT
// BertPreTokenizer: words end at white space, and every punctuation mark is a word of its own.
#include "ascribo/text/character_classes.h"
#include "ascribo/text/split.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class BertPreTokenizer : public PreTokenizer {
 public:
  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [](const NormalizedText& text, std::vector<Split>& words) {
      std::size_t begin = 0;
      const auto end_word = [&](std::size_t end) {
        if (begin < end) words.push_back({text.slice(begin, end), {}});
      };
      for (std::size_t at = 0; at < text.size(); ++at) {
        const bool punctuation = is_punctuation(text[at]);
        if (!punctuation && !is_white_space(text[at])) continue;
        end_word(at);
        if (punctuation) words.push_back({text.slice(at, at + 1), {}});
        begin = at + 1;
      }
      end_word(text.size());
    });
  }

  std::string describe() const override { return "BertPreTokenizer"; }
};

std::unique_ptr<PreTokenizer> make(const Json&, std::string_view) {
  return std::make_unique<BertPreTokenizer>();
}

}  // namespace

const PreTokenizerStage& stage_bert_pre_tokenizer() {
  static constexpr PreTokenizerStage kStage{"BertPreTokenizer", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

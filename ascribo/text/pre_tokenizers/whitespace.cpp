// SPDX-License-Identifier: MIT
// Whitespace: runs of word characters, and runs of what is neither those nor white space.
#include "ascribo/text/character_classes.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/unicode.h"

namespace ascribo::pre_tokenizers {
namespace {

enum class Kind { kSpace, kWord, kOther };

Kind kind_of(char32_t c) {
  if (is_word_character(c)) return Kind::kWord;
  return is_white_space(c) ? Kind::kSpace : Kind::kOther;
}

class Whitespace : public PreTokenizer {
 public:
  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [](const NormalizedText& text, std::vector<Split>& parts) {
      for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
        const Kind kind = kind_of(text[begin]);
        for (end = begin + 1; end < text.size() && kind_of(text[end]) == kind;) ++end;
        if (kind != Kind::kSpace) parts.push_back({text.slice(begin, end), {}});
      }
    });
  }

  std::string describe() const override { return "Whitespace"; }
};

std::unique_ptr<PreTokenizer> make(const Json&, std::string_view) {
  return std::make_unique<Whitespace>();
}

}  // namespace

const PreTokenizerStage& stage_whitespace() {
  static constexpr PreTokenizerStage kStage{"Whitespace", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

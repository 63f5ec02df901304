// SPDX-License-Identifier: MIT
// CharDelimiterSplit: words end at one character, which is dropped.
#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/patterns/split_behavior.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class CharDelimiterSplit : public PreTokenizer {
 public:
  explicit CharDelimiterSplit(char32_t delimiter) : delimiter_(delimiter) {}

  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [&](const NormalizedText& text, std::vector<Split>& parts) {
      cut_at(text, each_code_point(text, [&](char32_t c) { return c == delimiter_; }),
             SplitBehavior::kRemoved, parts);
    });
  }

  std::string describe() const override {
    std::string shown;
    append_utf8(shown, delimiter_);
    return "CharDelimiterSplit (\"" + shown + "\")";
  }

 private:
  char32_t delimiter_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view where) {
  const std::string_view delimiter = description.at("delimiter").string();
  const std::vector<CodePoint> code_points = decode_utf8(delimiter, where);
  if (code_points.size() != 1) {
    fail(Code::kBadFile, where, "the delimiter \"" + std::string(delimiter) + "\"",
         "expected one character");
  }
  return std::make_unique<CharDelimiterSplit>(code_points[0].value);
}

}  // namespace

const PreTokenizerStage& stage_char_delimiter_split() {
  static constexpr PreTokenizerStage kStage{"CharDelimiterSplit", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

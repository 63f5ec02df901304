// SPDX-License-Identifier: MIT
// ByteLevel: words as GPT-2 cuts them, each keeping the space before it, written as bytes.
#include "ascribo/text/byte_level.h"

#include "ascribo/text/patterns/regex.h"
#include "ascribo/text/patterns/split_behavior.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

constexpr const char* kWords =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

class ByteLevel : public PreTokenizer {
 public:
  ByteLevel(bool add_prefix_space, bool use_regex, std::string_view where)
      : add_prefix_space_(add_prefix_space) {
    if (use_regex) words_.emplace(kWords, where);
  }

  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [&](const NormalizedText& given, std::vector<Split>& parts) {
      NormalizedText text = given;
      if (add_prefix_space_ && !text.empty() && text[0] != U' ') text.prepend(NormalizedText(" "));
      const std::size_t first = parts.size();
      if (words_) {
        cut_at(text, words_->find_all(text), SplitBehavior::kIsolated, parts);
      } else {
        parts.push_back({std::move(text), {}});
      }
      for (std::size_t i = first; i < parts.size(); ++i) to_byte_level(parts[i].text);
    });
  }

  std::string describe() const override {
    std::string what;
    if (add_prefix_space_) what = "add_prefix_space";
    if (words_) what += std::string(what.empty() ? "" : ", ") + "use_regex";
    return what.empty() ? "ByteLevel" : "ByteLevel (" + what + ")";
  }

 private:
  bool add_prefix_space_;
  std::optional<Regex> words_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view where) {
  return std::make_unique<ByteLevel>(description.boolean_or("add_prefix_space", true),
                                     description.boolean_or("use_regex", true), where);
}

}  // namespace

const PreTokenizerStage& stage_byte_level() {
  static constexpr PreTokenizerStage kStage{"ByteLevel", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

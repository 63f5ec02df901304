// SPDX-License-Identifier: MIT
// Replace decoder: puts a text in the place of whatever a pattern matches in a token.
#include <utility>

#include "ascribo/text/patterns/pattern.h"
#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class ReplaceDecoder : public Decoder {
 public:
  ReplaceDecoder(Pattern pattern, std::string_view content)
      : pattern_(std::move(pattern)), content_(content) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) {
      std::string text;
      std::size_t done = 0;
      for (const auto& [begin, end] : pattern_.regex.find_all(token)) {
        text.append(token, done, begin - done);
        text += content_;
        done = end;
      }
      text.append(token, done);
      token = std::move(text);
    }
  }

  std::string describe() const override {
    return "Replace (" + pattern_.shown + " by \"" + content_ + "\")";
  }

 private:
  Pattern pattern_;
  std::string content_;
};

std::unique_ptr<Decoder> make(const Json& description, std::string_view where) {
  return std::make_unique<ReplaceDecoder>(read_pattern(description.at("pattern"), where),
                                          description.at("content").string());
}

}  // namespace

const DecoderStage& stage_replace() {
  static constexpr DecoderStage kStage{"Replace", make};
  return kStage;
}

}  // namespace ascribo::decoders

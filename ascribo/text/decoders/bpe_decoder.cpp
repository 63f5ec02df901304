// SPDX-License-Identifier: MIT
// BPEDecoder: the mark at the end of a word becomes a space, but for the last token.
#include <utility>

#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class BpeDecoder : public Decoder {
 public:
  explicit BpeDecoder(std::string suffix) : suffix_(std::move(suffix)) {}

  void apply(std::vector<std::string>& tokens) const override {
    if (suffix_.empty()) return;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const std::string_view by = i + 1 < tokens.size() ? " " : "";
      std::string& token = tokens[i];
      for (std::size_t at = token.find(suffix_); at != std::string::npos;
           at = token.find(suffix_, at + by.size())) {
        token.replace(at, suffix_.size(), by);
      }
    }
  }

  std::string describe() const override { return "BPEDecoder (suffix " + suffix_ + ")"; }

 private:
  std::string suffix_;
};

std::unique_ptr<Decoder> make(const Json& description, std::string_view) {
  return std::make_unique<BpeDecoder>(description.string_or("suffix", "</w>"));
}

}  // namespace

const DecoderStage& stage_bpe_decoder() {
  static constexpr DecoderStage kStage{"BPEDecoder", make};
  return kStage;
}

}  // namespace ascribo::decoders

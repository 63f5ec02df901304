// SPDX-License-Identifier: MIT
// WordPiece decoder: joins continued pieces, and takes back spaces that tokenizing put in.
#include <array>
#include <utility>

#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

// What the reference replaces in each token, in this order.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kCleanup = {{
    {" .", "."},
    {" ?", "?"},
    {" !", "!"},
    {" ,", ","},
    {" ' ", "'"},
    {" n't", "n't"},
    {" 'm", "'m"},
    {" do not", " don't"},
    {" 's", "'s"},
    {" 've", "'ve"},
    {" 're", "'re"},
}};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

class WordPieceDecoder : public Decoder {
 public:
  WordPieceDecoder(std::string prefix, bool cleanup)
      : prefix_(std::move(prefix)), cleanup_(cleanup) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string& token = tokens[i];
      if (i > 0) {
        if (token.starts_with(prefix_)) {
          token.erase(0, prefix_.size());
        } else {
          token.insert(0, 1, ' ');
        }
      }
      if (!cleanup_) continue;
      for (const auto& [from, to] : kCleanup) replace_all(token, from, to);
    }
  }

  std::string describe() const override {
    return "WordPiece (prefix " + prefix_ + (cleanup_ ? ", cleanup)" : ")");
  }

 private:
  std::string prefix_;
  bool cleanup_;
};

std::unique_ptr<Decoder> make(const Json& description, std::string_view) {
  return std::make_unique<WordPieceDecoder>(description.string_or("prefix", "##"),
                                            description.boolean_or("cleanup", true));
}

}  // namespace

const DecoderStage& stage_wordpiece() {
  static constexpr DecoderStage kStage{"WordPiece", make};
  return kStage;
}

}  // namespace ascribo::decoders

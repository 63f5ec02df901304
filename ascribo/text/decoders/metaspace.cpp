// SPDX-License-Identifier: MIT
// Metaspace decoder: makes spaces again of the signs that stand for them.
#include "ascribo/base/utf8.h"
#include "ascribo/text/pre_tokenizers/metaspace_options.h"
#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class MetaspaceDecoder : public Decoder {
 public:
  explicit MetaspaceDecoder(const MetaspaceOptions& options) : options_(options) {}

  void apply(std::vector<std::string>& tokens) const override {
    // Every sign of the first token is left out, as in the reference.
    bool leave_out = options_.prepend != PrependScheme::kNever;
    for (std::string& token : tokens) {
      std::string text;
      for (const CodePoint& c : decode_utf8(token)) {
        if (c.value != options_.replacement) {
          append_utf8(text, c.value);
        } else if (!leave_out) {
          text += ' ';
        }
      }
      token = std::move(text);
      leave_out = false;
    }
  }

  std::string describe() const override { return describe_metaspace(options_); }

 private:
  MetaspaceOptions options_;
};

std::unique_ptr<Decoder> make(const Json& description, std::string_view where) {
  return std::make_unique<MetaspaceDecoder>(read_metaspace(description, where));
}

}  // namespace

const DecoderStage& stage_metaspace() {
  static constexpr DecoderStage kStage{"Metaspace", make};
  return kStage;
}

}  // namespace ascribo::decoders

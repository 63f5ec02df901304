// SPDX-License-Identifier: MIT
// ByteLevel decoder: characters back to the bytes they stand for, and those to text.
#include "ascribo/text/byte_level.h"

#include "ascribo/base/utf8.h"
#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class ByteLevel : public Decoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::string bytes;
    for (const std::string& token : tokens) append_bytes(token, bytes);
    tokens = {replace_invalid_utf8(bytes)};
  }

  std::string describe() const override { return "ByteLevel"; }

 private:
  /// A token with any character that stands for no byte is text already.
  static void append_bytes(const std::string& token, std::string& bytes) {
    const std::size_t before = bytes.size();
    for (const CodePoint& c : decode_utf8(token, "token")) {
      const auto byte = byte_level_byte(c.value);
      if (!byte) {
        bytes.resize(before);
        bytes += token;
        return;
      }
      bytes += static_cast<char>(*byte);
    }
  }
};

std::unique_ptr<Decoder> make(const Json&, std::string_view) {
  return std::make_unique<ByteLevel>();
}

}  // namespace

const DecoderStage& stage_byte_level() {
  static constexpr DecoderStage kStage{"ByteLevel", make};
  return kStage;
}

}  // namespace ascribo::decoders

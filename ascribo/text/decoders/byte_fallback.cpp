// SPDX-License-Identifier: MIT
// ByteFallback decoder: makes text again of tokens that stand for single bytes.
#include <charconv>

#include "ascribo/base/utf8.h"
#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

/// The byte of a token such as <0x0A>.
std::optional<char> byte_of(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return {};
  std::string_view digits = token.substr(3, 2);
  if (digits.front() == '+') digits.remove_prefix(1);  // which the reference lets pass
  unsigned value = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value, 16);
  if (read.ec != std::errc() || read.ptr != end) return {};
  return static_cast<char>(value);
}

class ByteFallback : public Decoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::vector<std::string> texts;
    std::string bytes;
    // Bytes that are no text give one replacement character each.
    const auto end_bytes = [&] {
      if (bytes.empty()) return;
      if (find_invalid_utf8(bytes)) {
        texts.insert(texts.end(), bytes.size(), "\xEF\xBF\xBD");
      } else {
        texts.push_back(bytes);
      }
      bytes.clear();
    };
    for (std::string& token : tokens) {
      if (const auto byte = byte_of(token)) {
        bytes += *byte;
      } else {
        end_bytes();
        texts.push_back(std::move(token));
      }
    }
    end_bytes();
    tokens = std::move(texts);
  }
  std::string describe() const override { return "ByteFallback"; }
};

std::unique_ptr<Decoder> make(const Json&, std::string_view) {
  return std::make_unique<ByteFallback>();
}

}  // namespace

const DecoderStage& stage_byte_fallback() {
  static constexpr DecoderStage kStage{"ByteFallback", make};
  return kStage;
}

}  // namespace ascribo::decoders

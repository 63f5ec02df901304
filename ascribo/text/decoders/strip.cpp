// SPDX-License-Identifier: MIT
// Strip decoder: takes up to so many of a character away at either end of each token.
#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/stage.h"

namespace ascribo::decoders {
namespace {

class StripDecoder : public Decoder {
 public:
  StripDecoder(std::string_view content, std::int64_t start, std::int64_t stop)
      : content_(content), start_(start), stop_(stop) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) {
      std::string_view rest = token;
      for (std::int64_t i = 0; i < start_ && rest.starts_with(content_); ++i) {
        rest.remove_prefix(content_.size());
      }
      for (std::int64_t i = 0; i < stop_ && rest.ends_with(content_); ++i) {
        rest.remove_suffix(content_.size());
      }
      token = std::string(rest);
    }
  }

  std::string describe() const override {
    return "Strip (\"" + content_ + "\", " + std::to_string(start_) + " at the start, " +
           std::to_string(stop_) + " at the end)";
  }

 private:
  std::string content_;
  std::int64_t start_, stop_;
};

std::int64_t read_count(const Json& description, std::string_view key, std::string_view where) {
  const std::int64_t count = description.at(key).integer();
  if (count < 0) {
    fail(Code::kBadFile, where,
         "the decoder Strip has " + std::string(key) + " " + std::to_string(count),
         "expected a number of characters");
  }
  return count;
}

std::unique_ptr<Decoder> make(const Json& description, std::string_view where) {
  const std::string_view content = description.at("content").string();
  if (count_code_points(content) != 1) {
    fail(Code::kBadFile, where,
         "the content of the decoder Strip is \"" + std::string(content) + "\"",
         "expected one character");
  }
  return std::make_unique<StripDecoder>(content, read_count(description, "start", where),
                                        read_count(description, "stop", where));
}

}  // namespace

const DecoderStage& stage_strip() {
  static constexpr DecoderStage kStage{"Strip", make};
  return kStage;
}

}  // namespace ascribo::decoders

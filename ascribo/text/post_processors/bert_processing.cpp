// SPDX-License-Identifier: MIT
// BertProcessing: [CLS] text [SEP], and for a pair another [SEP] after it.
#include <utility>

#include "ascribo/text/stage.h"

namespace ascribo::post_processors {
namespace {

struct Special {
  std::string token;
  std::int64_t id = 0;
};

class BertProcessing : public PostProcessor {
 public:
  BertProcessing(Special cls, Special sep) : cls_(std::move(cls)), sep_(std::move(sep)) {}

  void apply(std::vector<Encoding>& parts, bool add_special_tokens) const override {
    if (!add_special_tokens) return;
    Encoding text;
    text.append_special(cls_.id, cls_.token, 0);
    text.append(parts[0]);
    text.append_special(sep_.id, sep_.token, 0);
    parts[0] = std::move(text);
    if (parts.size() > 1) parts[1].append_special(sep_.id, sep_.token, 1);
  }

  std::int64_t added(bool pair) const override { return pair ? 3 : 2; }

  std::string describe() const override {
    return "BertProcessing (" + cls_.token + ", " + sep_.token + ")";
  }

 private:
  Special cls_, sep_;
};

Special read(const Json& pair) {
  return {std::string(pair.at(std::size_t{0}).string()), pair.at(std::size_t{1}).integer()};
}

std::unique_ptr<PostProcessor> make(const Json& description, std::string_view) {
  return std::make_unique<BertProcessing>(read(description.at("cls")), read(description.at("sep")));
}

}  // namespace

const PostProcessorStage& stage_bert_processing() {
  static constexpr PostProcessorStage kStage{"BertProcessing", make};
  return kStage;
}

}  // namespace ascribo::post_processors

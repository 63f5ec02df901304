// SPDX-License-Identifier: MIT
// RobertaProcessing: <s> text </s>, and for a pair </s> pair </s> after it; every type is 0.
#include <algorithm>
#include <utility>

#include "ascribo/text/byte_level.h"
#include "ascribo/text/stage.h"

namespace ascribo::post_processors {
namespace {

struct Special {
  std::string token;
  std::int64_t id = 0;
};

class RobertaProcessing : public PostProcessor {
 public:
  RobertaProcessing(Special cls, Special sep, bool trim, bool add_prefix_space)
      : cls_(std::move(cls)),
        sep_(std::move(sep)),
        trim_(trim),
        add_prefix_space_(add_prefix_space) {}

  void apply(std::vector<Encoding>& parts, bool add_special_tokens) const override {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Encoding& part = parts[i];
      if (trim_) trim_offsets(part, add_prefix_space_);
      std::fill(part.type_ids.begin(), part.type_ids.end(), 0);
      if (!add_special_tokens) continue;
      const Special& before = i == 0 ? cls_ : sep_;
      Encoding whole;
      whole.append_special(before.id, before.token, 0);
      whole.append(part);
      whole.append_special(sep_.id, sep_.token, 0);
      part = std::move(whole);
    }
  }

  std::int64_t added(bool pair) const override { return pair ? 4 : 2; }

  std::string describe() const override {
    return "RobertaProcessing (" + cls_.token + ", " + sep_.token +
           (trim_ ? ", trim_offsets" : "") + ")";
  }

 private:
  Special cls_, sep_;
  bool trim_, add_prefix_space_;
};

Special read(const Json& pair) {
  return {std::string(pair.at(std::size_t{0}).string()), pair.at(std::size_t{1}).integer()};
}

std::unique_ptr<PostProcessor> make(const Json& description, std::string_view) {
  return std::make_unique<RobertaProcessing>(read(description.at("cls")),
                                             read(description.at("sep")),
                                             description.boolean_or("trim_offsets", true),
                                             description.boolean_or("add_prefix_space", true));
}

}  // namespace

const PostProcessorStage& stage_roberta_processing() {
  static constexpr PostProcessorStage kStage{"RobertaProcessing", make};
  return kStage;
}

}  // namespace ascribo::post_processors

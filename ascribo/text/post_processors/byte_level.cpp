// SPDX-License-Identifier: MIT
// ByteLevel post-processor: adds nothing; takes white space out of the offsets.
#include "ascribo/text/byte_level.h"

#include "ascribo/text/stage.h"

namespace ascribo::post_processors {
namespace {

class ByteLevel : public PostProcessor {
 public:
  ByteLevel(bool trim, bool add_prefix_space) : trim_(trim), add_prefix_space_(add_prefix_space) {}

  void apply(std::vector<Encoding>& parts, bool) const override {
    if (!trim_) return;
    for (Encoding& part : parts) trim_offsets(part, add_prefix_space_);
  }

  std::int64_t added(bool) const override { return 0; }

  std::string describe() const override { return trim_ ? "ByteLevel (trim_offsets)" : "ByteLevel"; }

 private:
  bool trim_, add_prefix_space_;
};

std::unique_ptr<PostProcessor> make(const Json& description, std::string_view) {
  return std::make_unique<ByteLevel>(description.boolean_or("trim_offsets", true),
                                     description.boolean_or("add_prefix_space", true));
}

}  // namespace

const PostProcessorStage& stage_byte_level() {
  static constexpr PostProcessorStage kStage{"ByteLevel", make};
  return kStage;
}

}  // namespace ascribo::post_processors

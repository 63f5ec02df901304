// SPDX-License-Identifier: MIT
// Sequence of post-processors, one after another.
#include <utility>

#include "ascribo/text/stage.h"

namespace ascribo::post_processors {
namespace {

class Sequence : public PostProcessor {
 public:
  explicit Sequence(std::vector<std::unique_ptr<PostProcessor>> stages)
      : stages_(std::move(stages)) {}

  void apply(std::vector<Encoding>& parts, bool add_special_tokens) const override {
    for (const auto& stage : stages_) stage->apply(parts, add_special_tokens);
  }

  std::int64_t added(bool pair) const override {
    std::int64_t count = 0;
    for (const auto& stage : stages_) count += stage->added(pair);
    return count;
  }

  std::string describe() const override {
    std::string what;
    for (const auto& stage : stages_) what += (what.empty() ? "" : ", ") + stage->describe();
    return "Sequence [" + what + "]";
  }

 private:
  std::vector<std::unique_ptr<PostProcessor>> stages_;
};

std::unique_ptr<PostProcessor> make(const Json& description, std::string_view where) {
  std::vector<std::unique_ptr<PostProcessor>> stages;
  description.at("processors").elements([&](const Json& stage) {
    stages.push_back(make_post_processor(stage, where));
  });
  return std::make_unique<Sequence>(std::move(stages));
}

}  // namespace

const PostProcessorStage& stage_sequence() {
  static constexpr PostProcessorStage kStage{"Sequence", make};
  return kStage;
}

}  // namespace ascribo::post_processors

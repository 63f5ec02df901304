// SPDX-License-Identifier: MIT
// Metaspace: spaces become a visible sign, and a word begins at each.
#include <utility>

#include "ascribo/base/utf8.h"
#include "ascribo/text/pre_tokenizers/metaspace_options.h"
#include "ascribo/text/split.h"
#include "ascribo/text/stage.h"

namespace ascribo::pre_tokenizers {
namespace {

class Metaspace : public PreTokenizer {
 public:
  explicit Metaspace(const MetaspaceOptions& options) : options_(options) {
    std::string utf8;
    append_utf8(utf8, options.replacement);
    prefix_ = NormalizedText(utf8);
  }

  void apply(std::vector<Split>& splits) const override {
    cut_each(splits, [this](const NormalizedText& given, std::vector<Split>& words) {
      NormalizedText text = given;
      text.map([this](char32_t c) { return c == U' ' ? options_.replacement : c; });
      if (wants_prefix(text)) text.prepend(prefix_);
      if (!options_.split) {
        words.push_back({std::move(text), {}});
        return;
      }
      std::size_t begin = 0;
      for (std::size_t at = 1; at <= text.size(); ++at) {
        if (at < text.size() && text[at] != options_.replacement) continue;
        if (begin < at) words.push_back({text.slice(begin, at), {}});
        begin = at;
      }
    });
  }

  std::string describe() const override { return describe_metaspace(options_); }

 private:
  bool wants_prefix(const NormalizedText& text) const {
    if (text.empty() || text[0] == options_.replacement) return false;
    return options_.prepend == PrependScheme::kAlways ||
           (options_.prepend == PrependScheme::kFirst && text.origin() == 0);
  }

  MetaspaceOptions options_;
  NormalizedText prefix_;
};

std::unique_ptr<PreTokenizer> make(const Json& description, std::string_view where) {
  return std::make_unique<Metaspace>(read_metaspace(description, where));
}

}  // namespace

const PreTokenizerStage& stage_metaspace() {
  static constexpr PreTokenizerStage kStage{"Metaspace", make};
  return kStage;
}

}  // namespace ascribo::pre_tokenizers

// SPDX-License-Identifier: MIT
// Precompiled: the replacements that sentencepiece stored, mostly those of NFKC.
#include <string>
#include <utility>
#include <vector>

#include "ascribo/base/base64.h"
#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/normalizers/charsmap.h"
#include "ascribo/text/normalizers/graphemes.h"
#include "ascribo/text/stage.h"

namespace ascribo::normalizers {
namespace {

/// The rewritten text while it grows. `change` says what becomes of the old text, as the reference
/// counts: 1 for a code point put in, 0 for one in the place of the next old one, and less for one
/// that takes so many more old ones with it.
class Rewriting {
 public:
  struct Step {
    char32_t code;
    int change;
  };

  void keep(char32_t code) { steps_.push_back({code, 0}); }

  /// Puts a replacement in the place of `count` old code points.
  void replace(std::size_t count, std::string_view replacement) {
    std::size_t put = 0;
    for (const CodePoint& c : decode_utf8(replacement)) {
      steps_.push_back({c.value, put < count ? 0 : 1});
      ++put;
    }
    // What is dropped at the very beginning is counted nowhere: offsets then lag behind. They must
    // be those that the reference gives.
    if (put < count && !steps_.empty()) steps_.back().change -= static_cast<int>(count - put);
    any_ = true;
  }

  void apply(NormalizedText& text) const {
    if (!any_) return;
    std::vector<NormalizedText::Edit> edits;
    edits.reserve(steps_.size());
    for (const auto& [code, change] : steps_) {
      edits.push_back({code, change > 0, change < 0 ? static_cast<std::size_t>(-change) : 0});
    }
    text.rewrite(edits);
  }

 private:
  std::vector<Step> steps_;
  bool any_ = false;
};

class Precompiled : public Normalizer {
 public:
  explicit Precompiled(Charsmap map) : map_(std::move(map)) {}

  void apply(NormalizedText& text) const override {
    Rewriting rewriting;
    std::string utf8;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = grapheme_end(text, at);
      // The reference asks for a whole cluster only if it has less than six bytes.
      if (end - at < 6) {
        utf8.clear();
        text.append_utf8(at, end, utf8);
        if (const auto found = utf8.size() < 6 ? map_.find(utf8) : std::nullopt) {
          rewriting.replace(end - at, *found);
          at = end;
          continue;
        }
      }
      for (; at < end; ++at) {
        utf8.clear();
        text.append_utf8(at, at + 1, utf8);
        if (const auto found = map_.find(utf8)) {
          rewriting.replace(1, *found);
        } else {
          rewriting.keep(text[at]);
        }
      }
    }
    rewriting.apply(text);
  }

  std::string describe() const override {
    return "Precompiled (charsmap of " + std::to_string(map_.size()) + " nodes)";
  }

 private:
  Charsmap map_;
};

std::unique_ptr<Normalizer> make(const Json& description, std::string_view where) {
  auto bytes = decode_base64(description.at("precompiled_charsmap").string());
  if (!bytes) {
    fail(Code::kBadFile, where, "precompiled_charsmap is not base64",
         "expected a map as sentencepiece writes it");
  }
  return std::make_unique<Precompiled>(Charsmap(std::move(*bytes), where));
}

}  // namespace

const NormalizerStage& stage_precompiled() {
  static constexpr NormalizerStage kStage{"Precompiled", make};
  return kStage;
}

}  // namespace ascribo::normalizers

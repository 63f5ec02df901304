// SPDX-License-Identifier: MIT
// BertNormalizer: cleans controls and white space, sets ideographs apart, strips accents, lowers.
#include <utility>

#include "ascribo/text/character_classes.h"
#include "ascribo/text/normal_forms.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/unicode.h"

namespace ascribo::normalizers {
namespace {

struct Options {
  bool clean_text = true, handle_chinese_chars = true, strip_accents = true, lowercase = true;
};

class BertNormalizer : public Normalizer {
 public:
  explicit BertNormalizer(const Options& options) : options_(options) {}

  void apply(NormalizedText& text) const override {
    if (options_.clean_text) {
      text.filter([](char32_t c) { return c != 0xFFFD && !is_control(c); });
      text.map([](char32_t c) { return is_white_space(c) ? U' ' : c; });
    }
    if (options_.handle_chinese_chars) set_ideographs_apart(text);
    if (options_.strip_accents) {
      to_nfd(text);
      text.filter([](char32_t c) { return !is_nonspacing_mark(c); });
    }
    if (options_.lowercase) to_lower_case(text);
  }

  std::string describe() const override {
    std::string what;
    for (const auto& [on, name] : {std::pair{options_.clean_text, "clean_text"},
                                   std::pair{options_.handle_chinese_chars, "handle_chinese_chars"},
                                   std::pair{options_.strip_accents, "strip_accents"},
                                   std::pair{options_.lowercase, "lowercase"}}) {
      if (on) what += (what.empty() ? "" : ", ") + std::string(name);
    }
    return what.empty() ? "BertNormalizer" : "BertNormalizer (" + what + ")";
  }

 private:
  static void set_ideographs_apart(NormalizedText& text) {
    std::vector<NormalizedText::Edit> edits;
    bool any = false;
    edits.reserve(text.size());
    for (const NormalizedChar& c : text.chars()) {
      if (is_ideograph(c.code)) {
        any = true;
        edits.push_back({U' '});
        edits.push_back({c.code, true});
        edits.push_back({U' ', true});
      } else {
        edits.push_back({c.code});
      }
    }
    if (any) text.rewrite(edits);
  }

  Options options_;
};

std::unique_ptr<Normalizer> make(const Json& description, std::string_view) {
  Options options;
  options.clean_text = description.boolean_or("clean_text", true);
  options.handle_chinese_chars = description.boolean_or("handle_chinese_chars", true);
  options.lowercase = description.boolean_or("lowercase", true);
  // Left open (null), accents go where case goes.
  options.strip_accents = description.boolean_or("strip_accents", options.lowercase);
  return std::make_unique<BertNormalizer>(options);
}

}  // namespace

const NormalizerStage& stage_bert_normalizer() {
  static constexpr NormalizerStage kStage{"BertNormalizer", make};
  return kStage;
}

}  // namespace ascribo::normalizers

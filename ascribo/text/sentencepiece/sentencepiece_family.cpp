// SPDX-License-Identifier: MIT
// Knows the families by their names.
#include "ascribo/text/sentencepiece/sentencepiece_family.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ascribo {
namespace {

using Family = SentencepieceFamily;

constexpr std::pair<std::string_view, Family> kModelTypes[] = {
    {"xlm-roberta", Family::kXlmRoberta},
    {"xlm-roberta-xl", Family::kXlmRoberta},
    {"camembert", Family::kCamembert},
    {"albert", Family::kAlbert},
    {"deberta-v2", Family::kDebertaV2},
    {"t5", Family::kT5},
    {"mt5", Family::kT5},
    {"umt5", Family::kT5},
    {"longt5", Family::kT5},
    {"llama", Family::kLlama},
    {"mistral", Family::kLlama},
};

bool drop_suffix(std::string_view& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  return true;
}

}  // namespace

std::optional<Family> find_family(std::string_view tokenizer_class, std::string_view model_type) {
  drop_suffix(tokenizer_class, "Fast");
  const auto& names = EnumNames<Family>::kNames;
  if (drop_suffix(tokenizer_class, "Tokenizer")) {
    const auto found = std::find(names.begin(), names.end(), tokenizer_class);
    if (found != names.end()) return static_cast<Family>(std::distance(names.begin(), found));
  }
  for (const auto& [name, family] : kModelTypes) {
    if (name == model_type) return family;
  }
  return {};
}

std::vector<UsualToken> usual_tokens(Family family) {
  switch (family) {
    case Family::kXlmRoberta:
    case Family::kCamembert:
      return {{"bos_token", "<s>"},          {"eos_token", "</s>"},  {"unk_token", "<unk>"},
              {"sep_token", "</s>"},         {"pad_token", "<pad>"}, {"cls_token", "<s>"},
              {"mask_token", "<mask>", true}};
    case Family::kAlbert:
      return {{"bos_token", "[CLS]"},        {"eos_token", "[SEP]"}, {"unk_token", "<unk>"},
              {"sep_token", "[SEP]"},        {"pad_token", "<pad>"}, {"cls_token", "[CLS]"},
              {"mask_token", "[MASK]", true}};
    case Family::kDebertaV2:
      return {{"bos_token", "[CLS]"},  {"eos_token", "[SEP]"}, {"unk_token", "[UNK]"},
              {"sep_token", "[SEP]"},  {"pad_token", "[PAD]"}, {"cls_token", "[CLS]"},
              {"mask_token", "[MASK]"}};
    case Family::kT5:
      return {{"eos_token", "</s>"}, {"unk_token", "<unk>"}, {"pad_token", "<pad>"}};
    case Family::kLlama:
      return {{"bos_token", "<s>"}, {"eos_token", "</s>"}, {"unk_token", "<unk>"}};
  }
  return {};
}

}  // namespace ascribo

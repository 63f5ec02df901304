// SPDX-License-Identifier: MIT
// Writes a tokenizer.json around vocab.json and merges.txt, family by family.
#include "ascribo/text/vocab_json.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/text/json_text.h"

namespace ascribo {
namespace {

using Family = BytePairFamily;

// The classes and model types that go with each family.
constexpr std::pair<std::string_view, Family> kClasses[] = {
    {"Roberta", Family::kRoberta}, {"Bart", Family::kRoberta}, {"Longformer", Family::kRoberta},
    {"LED", Family::kRoberta},     {"GPT2", Family::kGpt2},    {"Qwen2", Family::kQwen2},
};
constexpr std::pair<std::string_view, Family> kModelTypes[] = {
    {"roberta", Family::kRoberta}, {"bart", Family::kRoberta}, {"longformer", Family::kRoberta},
    {"led", Family::kRoberta},     {"gpt2", Family::kGpt2},    {"gpt_neo", Family::kGpt2},
    {"opt", Family::kGpt2},        {"qwen2", Family::kQwen2},  {"qwen3", Family::kQwen2},
};

constexpr const char* kQwen2Words =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)";

std::string flag(bool on) { return on ? "true" : "false"; }

std::string byte_level(bool add_prefix_space, bool trim_offsets, bool use_regex) {
  return R"({"type":"ByteLevel","add_prefix_space":)" + flag(add_prefix_space) +
         R"(,"trim_offsets":)" + flag(trim_offsets) + R"(,"use_regex":)" + flag(use_regex) + "}";
}

std::string pre_tokenizer(const VocabJsonOptions& options) {
  if (options.family != Family::kQwen2) return byte_level(options.add_prefix_space, true, true);
  return R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":)" +
         json_text(kQwen2Words) + R"(},"behavior":"Isolated","invert":false},)" +
         byte_level(options.add_prefix_space, true, false) + "]}";
}

std::string id_of(const std::string& token, const Json& vocab, const std::string& where) {
  if (const auto id = vocab.find(token)) return std::to_string(id->integer());
  fail(Code::kBadFile, where, "the token \"" + token + "\" is missing",
       "expected it in the vocabulary", "tokenizer_config.json can name another token");
}

std::string post_processor(const VocabJsonOptions& options, const Json& vocab,
                           const std::string& where) {
  if (options.family == Family::kRoberta) {
    const auto special = [&](const std::string& token) {
      return "[" + json_text(token) + "," + id_of(token, vocab, where) + "]";
    };
    return R"({"type":"RobertaProcessing","sep":)" + special(options.sep) + R"(,"cls":)" +
           special(options.cls) + R"(,"trim_offsets":)" + flag(options.trim_offsets) +
           R"(,"add_prefix_space":)" + flag(options.add_prefix_space) + "}";
  }
  if (options.family != Family::kGpt2 || !options.add_bos) return byte_level(true, false, true);
  const std::string name = json_text(options.bos);
  const std::string begin =
      R"({"SpecialToken":{"id":)" + name + R"(,"type_id":0}},{"Sequence":{"id":"A","type_id":0}})";
  return R"({"type":"TemplateProcessing","single":[)" + begin + R"(],"pair":[)" + begin +
         R"(,{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{)" + name + R"(:{"id":)" +
         name + R"(,"ids":[)" + id_of(options.bos, vocab, where) + R"(],"tokens":[)" + name +
         "]}}}";
}

}  // namespace

std::optional<Family> find_byte_pair_family(std::string_view tokenizer_class,
                                            std::string_view model_type) {
  for (const std::string_view suffix : {"Fast", "Tokenizer"}) {
    if (tokenizer_class.ends_with(suffix)) tokenizer_class.remove_suffix(suffix.size());
  }
  for (const auto& [name, family] : kClasses) {
    if (name == tokenizer_class) return family;
  }
  for (const auto& [name, family] : kModelTypes) {
    if (name == model_type) return family;
  }
  return {};
}

std::vector<UsualToken> usual_tokens(Family family) {
  switch (family) {
    case Family::kRoberta:
      return {{"bos_token", "<s>"},          {"eos_token", "</s>"},  {"unk_token", "<unk>"},
              {"sep_token", "</s>"},         {"pad_token", "<pad>"}, {"cls_token", "<s>"},
              {"mask_token", "<mask>", true}};
    case Family::kGpt2:
      return {{"bos_token", "<|endoftext|>"},
              {"eos_token", "<|endoftext|>"},
              {"unk_token", "<|endoftext|>"}};
    case Family::kQwen2:
      return {{"eos_token", "<|endoftext|>"},
              {"unk_token", "<|endoftext|>"},
              {"pad_token", "<|endoftext|>"}};
  }
  return {};
}

Json tokenizer_of_vocab_json(const Json& vocab, const std::vector<std::string>& merges,
                             const VocabJsonOptions& options, const std::string& where) {
  std::string list;
  for (const std::string& merge : merges) {
    if (merge.empty() || merge.starts_with("#version")) continue;
    list += (list.empty() ? "" : ",") + json_text(merge);
  }
  const std::string normalizer =
      options.family == Family::kQwen2 ? R"("normalizer":{"type":"NFC"},)" : "";
  return Json::parse("{" + normalizer + R"("pre_tokenizer":)" + pre_tokenizer(options) +
                         R"(,"post_processor":)" + post_processor(options, vocab, where) +
                         R"(,"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":)" +
                         vocab.dump() + R"(,"merges":[)" + list + "]}}",
                     where);
}

}  // namespace ascribo

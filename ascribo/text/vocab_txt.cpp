// SPDX-License-Identifier: MIT
// Writes a tokenizer.json around the lines of a vocab.txt.
#include "ascribo/text/vocab_txt.h"

#include <string_view>
#include <unordered_map>

#include "ascribo/base/error.h"
#include "ascribo/text/json_text.h"

namespace ascribo {
namespace {

using Numbers = std::unordered_map<std::string_view, std::size_t>;

std::string special(const std::string& token, int type_id) {
  return R"({"SpecialToken":{"id":)" + json_text(token) + R"(,"type_id":)" +
         std::to_string(type_id) + "}}";
}

std::string side(char name, int type_id) {
  return R"({"Sequence":{"id":")" + std::string(1, name) + R"(","type_id":)" +
         std::to_string(type_id) + "}}";
}

std::string post_processor(const Numbers& numbers, const VocabTxtOptions& options,
                           const std::string& where) {
  const auto entry = [&](const std::string& token) {
    const auto found = numbers.find(token);
    if (found == numbers.end()) {
      fail(Code::kBadFile, where, "the token \"" + token + "\" is missing",
           "expected it on a line of its own", "tokenizer_config.json can name another token");
    }
    return json_text(token) + R"(:{"id":)" + json_text(token) + R"(,"ids":[)" +
           std::to_string(found->second) + R"(],"tokens":[)" + json_text(token) + "]}";
  };
  const std::string text =
      special(options.cls, 0) + "," + side('A', 0) + "," + special(options.sep, 0);
  std::string entries = entry(options.cls);
  if (options.sep != options.cls) entries += "," + entry(options.sep);
  return R"({"type":"TemplateProcessing","single":[)" + text + R"(],"pair":[)" + text + "," +
         side('B', 1) + "," + special(options.sep, 1) + R"(],"special_tokens":{)" + entries + "}}";
}

std::string vocabulary(const std::vector<std::string>& pieces, const Numbers& numbers) {
  std::string json = "{";
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (numbers.at(pieces[i]) != i) continue;
    if (json.size() > 1) json += ',';
    json += json_text(pieces[i]) + ":" + std::to_string(i);
  }
  return json += '}';
}

}  // namespace

Json tokenizer_of_vocab_txt(const std::vector<std::string>& lines, const VocabTxtOptions& options,
                            const std::string& where) {
  Numbers numbers;
  for (std::size_t i = 0; i < lines.size(); ++i) numbers[lines[i]] = i;
  const auto flag = [](bool on) { return std::string(on ? "true" : "false"); };
  const bool strip_accents = options.strip_accents.value_or(options.lowercase);
  const std::string normalizer =
      R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":)" +
      flag(options.handle_chinese_chars) + R"(,"strip_accents":)" + flag(strip_accents) +
      R"(,"lowercase":)" + flag(options.lowercase) + "}";
  const std::string model =
      R"({"type":"WordPiece","unk_token":)" + json_text(options.unk) +
      R"(,"continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":)" +
      vocabulary(lines, numbers) + "}";
  return Json::parse(
      R"({"normalizer":)" + normalizer +
          R"(,"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":)" +
          post_processor(numbers, options, where) +
          R"(,"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},"model":)" + model + "}",
      where);
}

}  // namespace ascribo

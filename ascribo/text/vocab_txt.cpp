// SPDX-License-Identifier: MIT
// Writes a tokenizer.json around the lines of a vocab.txt.
#include "ascribo/text/vocab_txt.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

struct Pieces {
  std::vector<std::string_view> in_order;
  std::unordered_map<std::string_view, std::size_t> numbers;  // of a piece's last line
};

Pieces read_lines(std::string_view lines) {
  Pieces pieces;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    std::string_view piece = lines.substr(0, end);
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    pieces.numbers[piece] = pieces.in_order.size();
    pieces.in_order.push_back(piece);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return pieces;
}

std::string quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json += '"';
}

std::string special(const std::string& token, int type_id) {
  return R"({"SpecialToken":{"id":)" + quoted(token) + R"(,"type_id":)" + std::to_string(type_id) +
         "}}";
}

std::string side(char name, int type_id) {
  return R"({"Sequence":{"id":")" + std::string(1, name) + R"(","type_id":)" +
         std::to_string(type_id) + "}}";
}

std::string post_processor(const Pieces& pieces, const VocabTxtOptions& options,
                           const std::string& where) {
  const auto entry = [&](const std::string& token) {
    const auto found = pieces.numbers.find(token);
    if (found == pieces.numbers.end()) {
      fail(Code::kBadFile, where, "the token \"" + token + "\" is missing",
           "expected it on a line of its own", "tokenizer_config.json can name another token");
    }
    return quoted(token) + R"(:{"id":)" + quoted(token) + R"(,"ids":[)" +
           std::to_string(found->second) + R"(],"tokens":[)" + quoted(token) + "]}";
  };
  const std::string text =
      special(options.cls, 0) + "," + side('A', 0) + "," + special(options.sep, 0);
  std::string entries = entry(options.cls);
  if (options.sep != options.cls) entries += "," + entry(options.sep);
  return R"({"type":"TemplateProcessing","single":[)" + text + R"(],"pair":[)" + text + "," +
         side('B', 1) + "," + special(options.sep, 1) + R"(],"special_tokens":{)" + entries + "}}";
}

std::string vocabulary(const Pieces& pieces) {
  std::string json = "{";
  for (std::size_t i = 0; i < pieces.in_order.size(); ++i) {
    const std::string_view piece = pieces.in_order[i];
    if (pieces.numbers.at(piece) != i) continue;
    if (json.size() > 1) json += ',';
    json += quoted(piece) + ":" + std::to_string(i);
  }
  return json += '}';
}

}  // namespace

Json tokenizer_of_vocab_txt(std::string_view lines, const VocabTxtOptions& options,
                            const std::string& where) {
  const Pieces pieces = read_lines(lines);
  const auto flag = [](bool on) { return std::string(on ? "true" : "false"); };
  const bool strip_accents = options.strip_accents.value_or(options.lowercase);
  const std::string normalizer =
      R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":)" +
      flag(options.handle_chinese_chars) + R"(,"strip_accents":)" + flag(strip_accents) +
      R"(,"lowercase":)" + flag(options.lowercase) + "}";
  const std::string model =
      R"({"type":"WordPiece","unk_token":)" + quoted(options.unk) +
      R"(,"continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":)" +
      vocabulary(pieces) + "}";
  return Json::parse(
      R"({"normalizer":)" + normalizer +
          R"(,"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":)" +
          post_processor(pieces, options, where) +
          R"(,"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},"model":)" + model + "}",
      where);
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Writes a tokenizer.json around the pieces of a sentencepiece model, family by family.
#include "ascribo/text/sentencepiece/tokenizer_of_sentencepiece.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/base64.h"
#include "ascribo/base/error.h"
#include "ascribo/text/json_text.h"
#include "ascribo/text/sentencepiece/numbered_pieces.h"

namespace ascribo {
namespace {

using Family = SentencepieceFamily;

std::string replace(const std::string& kind, const std::string& pattern,
                    const std::string& content) {
  return R"({"type":"Replace","pattern":{")" + kind + "\":" + json_text(pattern) +
         R"(},"content":)" + json_text(content) + "}";
}

std::string list(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return "[" + text + "]";
}

std::string sequence(const char* key, const std::vector<std::string>& parts) {
  return R"({"type":"Sequence",")" + std::string(key) + "\":" + list(parts) + "}";
}

std::string type(const char* name) { return R"({"type":")" + std::string(name) + "\"}"; }

/// Whether words are cut apart at white space, which is then gone, before they get their sign.
bool drops_spaces(Family family) {
  return family == Family::kXlmRoberta || family == Family::kCamembert || family == Family::kAlbert;
}

std::string normalizer(const SentencepieceModel& model, const SentencepieceOptions& options) {
  std::vector<std::string> parts;
  if (options.family == Family::kLlama) {
    if (!options.legacy) return "null";
    if (options.add_prefix_space) parts.push_back(R"({"type":"Prepend","prepend":"\u2581"})");
    parts.push_back(replace("String", " ", "\u2581"));
    return sequence("normalizers", parts);
  }
  if (options.family == Family::kAlbert) {
    parts = {replace("String", "``", "\""), replace("String", "''", "\"")};
    if (!options.keep_accents) {
      parts.push_back(type("NFKD"));
      parts.push_back(type("StripAccents"));
    }
  }
  if (options.lowercase) parts.push_back(type("Lowercase"));
  if (options.family == Family::kDebertaV2) {
    parts.push_back(R"({"type":"Strip","strip_left":true,"strip_right":true})");
  }
  if (!model.charsmap.empty()) {
    parts.push_back(R"({"type":"Precompiled","precompiled_charsmap":")" +
                    encode_base64(model.charsmap) + "\"}");
  }
  if (!drops_spaces(options.family)) parts.push_back(replace("Regex", " {2,}", " "));
  return sequence("normalizers", parts);
}

std::string metaspace(const SentencepieceOptions& options, bool split) {
  const char* scheme = !options.add_prefix_space ? "never" : options.legacy ? "always" : "first";
  return R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":")" + std::string(scheme) +
         R"(","split":)" + (split ? "true}" : "false}");
}

std::string pre_tokenizer(const SentencepieceOptions& options) {
  if (options.family == Family::kLlama) {
    return options.legacy ? "null" : metaspace(options, false);
  }
  if (options.family == Family::kT5) return metaspace(options, true);
  std::vector<std::string> parts;
  if (drops_spaces(options.family)) parts.push_back(type("WhitespaceSplit"));
  if (options.split_by_punct) parts.push_back(R"({"type":"Punctuation","behavior":"Isolated"})");
  parts.push_back(metaspace(options, true));
  return sequence("pretokenizers", parts);
}

std::string decoder(const SentencepieceOptions& options) {
  if (options.family != Family::kLlama) return metaspace(options, true);
  std::vector<std::string> parts = {replace("String", "\u2581", " "), type("ByteFallback"),
                                    type("Fuse")};
  if (options.add_prefix_space) {
    parts.push_back(R"({"type":"Strip","content":" ","start":1,"stop":0})");
  }
  return sequence("decoders", parts);
}

/// One entry of a template: a side, or else a special token.
struct Part {
  std::string token;
  char side = 0;
  int type_id = 0;
};

std::string parts_json(const std::vector<Part>& parts) {
  std::vector<std::string> entries;
  for (const Part& part : parts) {
    const std::string id = part.side != 0 ? std::string(1, part.side) : part.token;
    entries.push_back((part.side != 0 ? R"({"Sequence":{"id":)" : R"({"SpecialToken":{"id":)") +
                      json_text(id) + R"(,"type_id":)" + std::to_string(part.type_id) + "}}");
  }
  return list(entries);
}

struct Template {
  std::vector<Part> text, pair;
};

Template template_of(const SentencepieceOptions& options) {
  const Part a{"", 'A', 0}, b{"", 'B', 0}, other{"", 'B', 1};
  switch (options.family) {
    case Family::kXlmRoberta:
    case Family::kCamembert: {
      const Part begin{"<s>"}, end{"</s>"};
      return {{begin, a, end}, {begin, a, end, end, b, end}};
    }
    case Family::kAlbert:
    case Family::kDebertaV2: {
      const Part cls{options.cls}, sep{options.sep};
      return {{cls, a, sep}, {cls, a, sep, other, {options.sep, 0, 1}}};
    }
    case Family::kT5: {
      const Part end{options.eos};
      return {{a, end}, {a, end, b, end}};
    }
    case Family::kLlama: break;
  }
  Template both;
  if (options.add_bos) both.text.push_back({options.bos});
  both.text.push_back(a);
  if (options.add_eos) both.text.push_back({options.eos});
  both.pair = both.text;
  if (options.add_bos) both.pair.push_back({options.bos, 0, 1});
  both.pair.push_back(other);
  if (options.add_eos) both.pair.push_back({options.eos, 0, 1});
  return both;
}

std::string post_processor(const SentencepieceOptions& options, const NumberedPieces& pieces,
                           const std::string& where) {
  const Template both = template_of(options);
  std::vector<std::string> names, entries;
  for (const Part& part : both.pair) {
    const std::string& name = part.token;
    if (part.side != 0 || std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
    const auto id = pieces.find(name);
    if (!id) {
      fail(Code::kBadFile, where, "the token \"" + name + "\" is missing",
           "expected it among the pieces", "tokenizer_config.json can name another token");
    }
    entries.push_back(json_text(name) + R"(:{"id":)" + json_text(name) + R"(,"ids":[)" +
                      std::to_string(*id) + R"(],"tokens":[)" + json_text(name) + "]}");
  }
  std::string special = list(entries);
  special.front() = '{';
  special.back() = '}';
  return R"({"type":"TemplateProcessing","single":)" + parts_json(both.text) + R"(,"pair":)" +
         parts_json(both.pair) + R"(,"special_tokens":)" + special + "}";
}

std::string vocabulary(const SentencepieceModel& model, const SentencepieceOptions& options,
                       const NumberedPieces& pieces, const std::string& where) {
  const bool bytes = options.family == Family::kLlama;
  const std::string fallback = R"(,"byte_fallback":)" + std::string(bytes ? "true" : "false");
  if (model.type == SentencepieceModel::Type::kUnigram) {
    return R"({"type":"Unigram","unk_id":)" + std::to_string(pieces.unk_id()) + fallback +
           R"(,"vocab":)" + pieces.unigram_json() + "}";
  }
  return R"({"type":"BPE","unk_token":)" + json_text(model.unk_piece) + R"(,"fuse_unk":true)" +
         fallback + R"(,"vocab":)" + pieces.bpe_vocabulary_json() + R"(,"merges":)" +
         pieces.bpe_merges_json(where) + "}";
}

}  // namespace

Json tokenizer_of_sentencepiece(const SentencepieceModel& model,
                                const SentencepieceOptions& options, const std::string& where) {
  const NumberedPieces pieces(model, options, where);
  return Json::parse(R"({"normalizer":)" + normalizer(model, options) + R"(,"pre_tokenizer":)" +
                         pre_tokenizer(options) + R"(,"post_processor":)" +
                         post_processor(options, pieces, where) + R"(,"decoder":)" +
                         decoder(options) + R"(,"model":)" +
                         vocabulary(model, options, pieces, where) + "}",
                     where);
}

std::vector<AddedToken> added_by_sentencepiece(const SentencepieceModel& model,
                                               const SentencepieceOptions& options) {
  std::vector<AddedToken> tokens;
  for (const auto& piece : model.pieces) {
    const bool control = piece.kind == SentencepieceModel::Kind::kControl;
    // ALBERT's symbols are marks such as ( and -, which its published tokenizer.json cuts like any
    // other piece. As added tokens they would put a space before what follows.
    const bool symbol =
        piece.kind == SentencepieceModel::Kind::kUserDefined && options.family != Family::kAlbert;
    if (!control && !symbol) continue;
    tokens.push_back({.content = std::string(piece.text), .special = control, .normalized = false});
  }
  for (std::int64_t i = 0; options.family == Family::kT5 && i < options.extra_ids; ++i) {
    tokens.push_back({.content = extra_id(i), .special = true, .normalized = false});
  }
  return tokens;
}

}  // namespace ascribo

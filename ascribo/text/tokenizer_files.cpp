// SPDX-License-Identifier: MIT
// Finds and reads tokenizer.json, or the older files that stand for one, and the files beside them.
#include "ascribo/text/tokenizer_files.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/io/config.h"
#include "ascribo/io/text_file.h"
#include "ascribo/text/sentencepiece/tokenizer_of_sentencepiece.h"
#include "ascribo/text/vocab_json.h"
#include "ascribo/text/vocab_txt.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

AddedToken read_added_token(const Json& description) {
  AddedToken token;
  token.content = description.at("content").string();
  token.special = description.boolean_or("special", false);
  token.single_word = description.boolean_or("single_word", false);
  token.lstrip = description.boolean_or("lstrip", false);
  token.rstrip = description.boolean_or("rstrip", false);
  token.normalized = description.boolean_or("normalized", !token.special);
  return token;
}

/// A special token as configuration files write it: its text, or an object with the text and more.
AddedToken read_named_token(const Json& description) {
  AddedToken token;
  if (description.is_string()) {
    token.content = description.string();
  } else {
    token = read_added_token(description);
  }
  token.special = true;
  token.normalized = false;
  return token;
}

bool has(const std::vector<AddedToken>& tokens, const std::string& content) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const AddedToken& token) { return token.content == content; });
}

/// Appends the tokens that are not there yet.
void add_missing(const std::vector<AddedToken>& tokens, std::vector<AddedToken>& to) {
  for (const AddedToken& token : tokens) {
    if (!has(to, token.content)) to.push_back(token);
  }
}

/// What the configuration files name, in order.
struct Names {
  std::map<std::string, std::string, std::less<>> roles;
  std::vector<AddedToken> tokens;

  void add(const AddedToken& token) {
    if (!has(tokens, token.content)) tokens.push_back(token);
  }
  /// The token with a role; empty when none is named.
  std::string role(const char* key) const {
    const auto found = roles.find(key);
    return found == roles.end() ? std::string() : found->second;
  }
  void add(const std::string& role, const AddedToken& token) {
    if (roles.try_emplace(role, token.content).second) add(token);
  }
};

void read_names(const Json& config, Names& names) {
  for (const char* role : {"unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
                           "bos_token", "eos_token"}) {
    if (const auto value = config.find(role)) names.add(role, read_named_token(*value));
  }
  if (const auto more = config.find("additional_special_tokens")) {
    more->elements([&](const Json& value) { names.add(read_named_token(value)); });
  }
}

/// The names that BERT's tokenizer has where no file gives others.
void add_usual_names(Names& names) {
  for (const auto& [role, usual] : {std::pair{"unk_token", "[UNK]"},
                                    {"sep_token", "[SEP]"},
                                    {"pad_token", "[PAD]"},
                                    {"cls_token", "[CLS]"},
                                    {"mask_token", "[MASK]"}}) {
    names.add(role, {.content = usual, .special = true, .normalized = false});
  }
}

VocabTxtOptions read_options(const Names& names, const std::optional<Json>& config) {
  VocabTxtOptions options;
  options.unk = names.roles.at("unk_token");
  options.cls = names.roles.at("cls_token");
  options.sep = names.roles.at("sep_token");
  if (!config) return options;
  options.lowercase = config->boolean_or("do_lower_case", true);
  options.handle_chinese_chars = config->boolean_or("tokenize_chinese_chars", true);
  if (const auto strip = config->find("strip_accents")) options.strip_accents = strip->boolean();
  return options;
}

std::int64_t read_id(std::string_view text, const fs::path& folder) {
  const auto id = parse_integer(text);
  if (!id) {
    fail(Code::kBadFile, (folder / "tokenizer_config.json").string(),
         "added_tokens_decoder has the key \"" + std::string(text) + "\"", "expected token ids");
  }
  return *id;
}

/// The tokens beyond vocab.txt in the order of their ids, from `added_tokens_decoder` or, in older
/// folders, added_tokens.json.
std::vector<AddedToken> read_tokens_beyond(const fs::path& folder,
                                           const std::optional<Json>& config,
                                           const std::vector<AddedToken>& named) {
  std::map<std::int64_t, AddedToken> by_id;
  if (const auto decoder = config ? config->find("added_tokens_decoder") : std::nullopt) {
    decoder->members([&](std::string_view id, const Json& value) {
      by_id[read_id(id, folder)] = read_added_token(value);
    });
  } else if (const auto added = find_config(folder, "added_tokens.json")) {
    added->members([&](std::string_view content, const Json& id) {
      AddedToken token;
      token.content = content;
      if (has(named, token.content)) token.special = true, token.normalized = false;
      by_id[id.integer()] = token;
    });
  }
  std::vector<AddedToken> tokens;
  for (auto& [id, token] : by_id) tokens.push_back(std::move(token));
  return tokens;
}

/// The sentencepiece model of a folder, under the names that checkpoints use.
std::optional<fs::path> find_sentencepiece(const fs::path& folder) {
  std::error_code ignored;
  for (const char* name :
       {"sentencepiece.bpe.model", "spiece.model", "spm.model", "tokenizer.model"}) {
    if (fs::exists(folder / name, ignored)) return folder / name;
  }
  return {};
}

/// The family that the files beside `where` name, one of those that `find` knows.
template <class Family>
Family read_family(const fs::path& folder, const std::optional<Json>& config,
                   const std::string& where,
                   std::optional<Family> (*find)(std::string_view, std::string_view)) {
  const std::string name = config ? config->string_or("tokenizer_class", "") : "";
  const auto model = find_config(folder, "config.json");
  const std::string type = model ? model->string_or("model_type", "") : "";
  if (const auto family = find(name, type)) return *family;
  std::string known;
  for (const std::string_view family : EnumNames<Family>::kNames) {
    known += (known.empty() ? "" : ", ") + std::string(family) + "Tokenizer";
  }
  fail(Code::kUnsupported, where,
       "the tokenizer_class is \"" + name + "\" and the model_type is \"" + type + "\"",
       "expected one of " + known + ", or a model_type that goes with them",
       "a tokenizer.json in the folder works for any class");
}

/// Gives every role of a family its token: what the files name, or else what is usual.
void add_usual_names(Names& names, const std::vector<UsualToken>& tokens,
                     const std::optional<Json>& config) {
  for (const UsualToken& usual : tokens) {
    names.add(usual.role, {.content = usual.content, .special = true, .normalized = false});
    const auto given = config ? config->find(usual.role) : std::nullopt;
    if (!usual.lstrip || (given && given->is_object())) continue;
    for (AddedToken& token : names.tokens) {
      if (token.content == names.roles.at(usual.role)) token.lstrip = true;
    }
  }
}

SentencepieceOptions read_options(SentencepieceFamily family, const Names& names,
                                  const std::optional<Json>& config) {
  const auto flag = [&](const char* key, bool usual) {
    return config ? config->boolean_or(key, usual) : usual;
  };
  SentencepieceOptions options;
  options.family = family;
  const bool is_albert = family == SentencepieceFamily::kAlbert;
  if (is_albert || family == SentencepieceFamily::kDebertaV2) {
    options.lowercase = flag("do_lower_case", is_albert);
  }
  options.keep_accents = flag("keep_accents", false);
  options.split_by_punct = flag("split_by_punct", false);
  options.add_prefix_space = flag("add_prefix_space", true);
  options.legacy = flag("legacy", true);
  options.add_bos = flag("add_bos_token", true);
  options.add_eos = flag("add_eos_token", false);
  if (config) options.extra_ids = config->integer_or("extra_ids", options.extra_ids);
  options.bos = names.role("bos_token");
  options.eos = names.role("eos_token");
  options.cls = names.role("cls_token");
  options.sep = names.role("sep_token");
  return options;
}

/// The description that a sentencepiece model stands for; its added tokens go to `added`.
Json read_sentencepiece(const fs::path& file, const std::optional<Json>& config, Names& names,
                        std::vector<AddedToken>& added) {
  const fs::path folder = file.parent_path();
  const auto mapped = MappedFile::open(file);
  const SentencepieceModel model = read_sentencepiece_model(mapped->text(), file.string());
  const auto family = read_family(folder, config, file.string(), find_family);
  add_usual_names(names, usual_tokens(family), config);
  const SentencepieceOptions options = read_options(family, names, config);
  added = read_tokens_beyond(folder, config, names.tokens);
  add_missing(names.tokens, added);
  add_missing(added_by_sentencepiece(model, options), added);
  return tokenizer_of_sentencepiece(model, options, file.string());
}

/// The description that vocab.json and merges.txt stand for; its added tokens go to `added`.
Json read_byte_pairs(const fs::path& folder, const std::optional<Json>& config, Names& names,
                     std::vector<AddedToken>& added) {
  const std::string where = (folder / "vocab.json").string();
  const auto family = read_family(folder, config, where, find_byte_pair_family);
  add_usual_names(names, usual_tokens(family), config);
  VocabJsonOptions options;
  options.family = family;
  if (config) {
    options.add_prefix_space = config->boolean_or("add_prefix_space", false);
    options.trim_offsets = config->boolean_or("trim_offsets", true);
    options.add_bos = config->boolean_or("add_bos_token", false);
  }
  options.bos = names.role("bos_token");
  options.cls = names.role("cls_token");
  options.sep = names.role("sep_token");
  added = read_tokens_beyond(folder, config, names.tokens);
  add_missing(names.tokens, added);
  return tokenizer_of_vocab_json(find_config(folder, "vocab.json").value(),
                                 read_lines(folder / "merges.txt"), options, where);
}

}  // namespace

TokenizerFiles read_tokenizer_files(const fs::path& folder) {
  const fs::path tokenizer = folder / "tokenizer.json", vocab = folder / "vocab.txt";
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) {
    fail(Code::kNotFound, folder.string(), "there is no such folder",
         "expected a checkpoint folder with its tokenizer files");
  }
  auto description = find_config(folder, "tokenizer.json");
  const auto sentencepiece = description ? std::nullopt : find_sentencepiece(folder);
  const bool has_pairs =
      fs::exists(folder / "vocab.json", ignored) && fs::exists(folder / "merges.txt", ignored);
  const bool has_lines = fs::exists(vocab, ignored);
  if (!description && !sentencepiece && !has_lines && !has_pairs) {
    fail(Code::kNotFound, folder.string(),
         "there is no tokenizer.json, no vocab.txt, no vocab.json with merges.txt, and no "
         "sentencepiece model",
         "expected a checkpoint folder with its tokenizer files",
         "copy them from where the model comes from");
  }
  Names names;
  const auto config = find_config(folder, "tokenizer_config.json");
  if (config) read_names(*config, names);
  if (const auto map = find_config(folder, "special_tokens_map.json")) read_names(*map, names);

  std::vector<AddedToken> added;
  std::string where = tokenizer.string();
  if (description) {
    if (const auto tokens = description->find("added_tokens")) {
      tokens->elements([&](const Json& token) { added.push_back(read_added_token(token)); });
    }
  } else if (sentencepiece) {
    where = sentencepiece->string();
    description = read_sentencepiece(*sentencepiece, config, names, added);
  } else if (has_lines) {
    where = vocab.string();
    add_usual_names(names);
    added = read_tokens_beyond(folder, config, names.tokens);
    description = tokenizer_of_vocab_txt(read_lines(vocab), read_options(names, config), where);
  } else {
    where = (folder / "vocab.json").string();
    description = read_byte_pairs(folder, config, names, added);
  }
  std::erase_if(names.tokens, [&](const AddedToken& token) { return has(added, token.content); });
  return {*description, where, std::move(added), std::move(names.roles), std::move(names.tokens)};
}

}  // namespace ascribo

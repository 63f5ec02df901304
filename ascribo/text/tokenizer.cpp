// SPDX-License-Identifier: MIT
// Runs the stages of a tokenizer one after another.
#include "ascribo/text/tokenizer.h"

#include <utility>

#include "ascribo/base/profile.h"
#include "ascribo/io/flair_classifier.h"
#include "ascribo/text/added_tokens.h"
#include "ascribo/text/stage.h"
#include "ascribo/text/tokenizer_files.h"

namespace ascribo {
namespace {

/// The key under which files name a role, and the name to look for where none does.
struct Role {
  const char* key;
  const char* usual;
  std::optional<std::int64_t> SpecialTokens::*id;
};
constexpr Role kRoles[] = {
    {"pad_token", "[PAD]", &SpecialTokens::pad}, {"mask_token", "[MASK]", &SpecialTokens::mask},
    {"unk_token", "[UNK]", &SpecialTokens::unk}, {"cls_token", "[CLS]", &SpecialTokens::cls},
    {"sep_token", "[SEP]", &SpecialTokens::sep}, {"bos_token", "[BOS]", &SpecialTokens::bos},
    {"eos_token", "[EOS]", &SpecialTokens::eos},
};

template <class Stage>
using Make = std::unique_ptr<Stage> (*)(const Json&, std::string_view);

/// The stage under `key`, or null where the file has none.
template <class Stage>
std::unique_ptr<Stage> make_optional(const TokenizerFiles& files, std::string_view key,
                                     Make<Stage> make) {
  const auto description = files.description.find(key);
  return description ? make(*description, files.where) : nullptr;
}

}  // namespace

struct Tokenizer::State {
  std::unique_ptr<Normalizer> normalizer;       // null: the text as it is
  std::unique_ptr<PreTokenizer> pre_tokenizer;  // null: everything is one word
  std::unique_ptr<Vocabulary> vocabulary;
  std::unique_ptr<PostProcessor> post_processor;  // null: the sides one after another
  std::unique_ptr<Decoder> decoder;               // null: tokens with spaces between
  AddedTokens added;
  SpecialTokens special;

  explicit State(const TokenizerFiles& files)
      : normalizer(make_optional<Normalizer>(files, "normalizer", make_normalizer)),
        pre_tokenizer(make_optional<PreTokenizer>(files, "pre_tokenizer", make_pre_tokenizer)),
        vocabulary(make_vocabulary(files.description.at("model"), files.where)),
        post_processor(make_optional<PostProcessor>(files, "post_processor", make_post_processor)),
        decoder(make_optional<Decoder>(files, "decoder", make_decoder)) {
    std::vector<AddedToken> tokens = files.added;
    for (const AddedToken& token : files.named) {
      if (vocabulary->find(token.content)) tokens.push_back(token);
    }
    added = AddedTokens(tokens, *vocabulary, normalizer.get());
    for (const Role& role : kRoles) {
      const auto name = files.roles.find(role.key);
      special.*role.id = find(name != files.roles.end() ? name->second : role.usual);
    }
    if (!special.unk) special.unk = vocabulary->unknown();
  }

  std::optional<std::int64_t> find(std::string_view token) const {
    const auto id = added.find(token);
    return id ? id : vocabulary->find(token);
  }

  std::optional<std::string_view> text(std::int64_t id) const {
    if (const AddedToken* token = added.token(id)) return token->content;
    return vocabulary->piece(id);
  }

  Encoding encode_side(std::string_view text, int side) const;
};

Encoding Tokenizer::State::encode_side(std::string_view text, int side) const {
  std::vector<Split> splits =
      added.extract(NormalizedText(text, side == 0 ? "text" : "pair"), normalizer.get());
  if (pre_tokenizer) pre_tokenizer->apply(splits);
  Encoding encoding;
  std::vector<Token> tokens;
  for (std::size_t word = 0; word < splits.size(); ++word) {
    const Split& split = splits[word];
    tokens.clear();
    if (split.added) {
      tokens.push_back({*split.added, split.text.utf8(), 0, split.text.size()});
    } else {
      vocabulary->tokenize(split.text, tokens);
    }
    for (Token& token : tokens) {
      encoding.ids.push_back(token.id);
      encoding.tokens.push_back(std::move(token.text));
      encoding.offsets.push_back(split.text.source(token.begin, token.end));
      encoding.word_ids.emplace_back(static_cast<std::int64_t>(word));
    }
  }
  encoding.type_ids.assign(encoding.size(), side);
  encoding.sides.assign(encoding.size(), side);
  encoding.special.assign(encoding.size(), 0);
  return encoding;
}

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer::~Tokenizer() = default;

std::unique_ptr<Tokenizer> Tokenizer::open(const std::filesystem::path& folder) {
  auto state = std::make_unique<State>(read_tokenizer_files(tokenizer_source(folder)));
  return std::unique_ptr<Tokenizer>(new Tokenizer(std::move(state)));
}

Encoding Tokenizer::encode(std::string_view text, std::optional<std::string_view> pair,
                           bool add_special_tokens) const {
  const ProfileScope scope("text", "tokenizing");
  std::vector<Encoding> parts;
  parts.push_back(state_->encode_side(text, 0));
  if (pair) parts.push_back(state_->encode_side(*pair, 1));
  if (state_->post_processor) state_->post_processor->apply(parts, add_special_tokens);
  Encoding whole;
  for (const Encoding& part : parts) whole.append(part);
  return whole;
}

std::string Tokenizer::decode(const std::vector<std::int64_t>& ids,
                              bool skip_special_tokens) const {
  std::vector<std::string> tokens;
  for (std::int64_t id : ids) {
    auto text = state_->added.decoded(id);
    if (!text) text = state_->vocabulary->piece(id);
    if (!text) continue;
    // The reference goes by the text: a special token that is normalised to another one stays.
    const auto same = state_->added.find(*text);
    if (skip_special_tokens && same && is_special(*same)) continue;
    tokens.emplace_back(*text);
  }
  if (state_->decoder) {
    state_->decoder->apply(tokens);
  } else {
    for (std::size_t i = 1; i < tokens.size(); ++i) tokens[i].insert(0, 1, ' ');
  }
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

std::int64_t Tokenizer::vocabulary_size() const {
  return state_->vocabulary->size() + state_->added.beyond_vocabulary();
}

std::string Tokenizer::token(std::int64_t id) const {
  return std::string(state_->text(id).value_or(""));
}

std::optional<std::int64_t> Tokenizer::find_token(std::string_view token) const {
  return state_->find(token);
}

bool Tokenizer::is_special(std::int64_t id) const {
  const AddedToken* token = state_->added.token(id);
  return token && token->special;
}

const SpecialTokens& Tokenizer::special_tokens() const { return state_->special; }

std::int64_t Tokenizer::template_size(bool pair) const {
  return state_->post_processor ? state_->post_processor->added(pair) : 0;
}

std::vector<std::string> Tokenizer::stages() const {
  const State& s = *state_;
  return {
      "normalizer: " + (s.normalizer ? s.normalizer->describe() : "none"),
      "pre_tokenizer: " + (s.pre_tokenizer ? s.pre_tokenizer->describe() : "none"),
      "model: " + s.vocabulary->describe(),
      "added_tokens: " + std::to_string(s.added.size()),
      "post_processor: " + (s.post_processor ? s.post_processor->describe() : "none"),
      "decoder: " + (s.decoder ? s.decoder->describe() : "none"),
  };
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Finds added tokens: leftmost first, of those the longest.
#include "ascribo/text/added_tokens.h"

#include <algorithm>
#include <utility>

#include "ascribo/text/character_classes.h"
#include "ascribo/text/unicode.h"

namespace ascribo {

AddedTokens::AddedTokens(const std::vector<AddedToken>& tokens, const Vocabulary& vocabulary,
                         const Normalizer* normalizer) {
  std::int64_t next = vocabulary.size();
  for (const AddedToken& token : tokens) {
    if (token.content.empty()) continue;
    std::optional<std::int64_t> id = find(token.content);
    if (!id) id = vocabulary.find(token.content);
    if (!id) {
      id = next;
      ++beyond_;
    }
    next = std::max(next, *id + 1);
    by_content_[token.content] = *id;
    by_id_[*id] = {token, token.content};
  }
  // Where two tokens look the same, a special one comes first.
  for (const bool special : {true, false}) {
    for (const AddedToken& token : tokens) {
      const auto id = find(token.content);
      if (!id || token.special != special) continue;
      NormalizedText content(token.content, "added token");
      if (token.normalized && normalizer) {
        normalizer->apply(content);
        by_id_[*id].decoded = content.utf8();
      }
      add(token.normalized ? normalized_ : raw_, content, *id);
    }
  }
}

std::optional<std::int64_t> AddedTokens::find(std::string_view content) const {
  const auto found = by_content_.find(content);
  if (found == by_content_.end()) return {};
  return found->second;
}

const AddedToken* AddedTokens::token(std::int64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second.token;
}

std::optional<std::string_view> AddedTokens::decoded(std::int64_t id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return {};
  return found->second.decoded;
}

void AddedTokens::add(Patterns& patterns, const NormalizedText& content, std::int64_t id) {
  if (content.empty()) return;
  Pattern pattern;
  pattern.id = id;
  for (const NormalizedChar& c : content.chars()) pattern.code_points += c.code;
  std::vector<Pattern>& list = patterns.lists[content[0] & 0xFF];
  const auto shorter = std::find_if(list.begin(), list.end(), [&](const Pattern& other) {
    return other.code_points.size() < pattern.code_points.size();
  });
  list.insert(shorter, std::move(pattern));
  patterns.any = true;
}

const AddedTokens::Pattern* AddedTokens::match(const Patterns& patterns, const NormalizedText& text,
                                               std::size_t at) {
  for (const Pattern& pattern : patterns.lists[text[at] & 0xFF]) {
    const std::u32string& wanted = pattern.code_points;
    if (wanted.size() > text.size() - at) continue;
    std::size_t same = 0;
    while (same < wanted.size() && text[at + same] == wanted[same]) ++same;
    if (same == wanted.size()) return &pattern;
  }
  return nullptr;
}

void AddedTokens::cut(const Patterns& patterns, const NormalizedText& text,
                      std::vector<Split>& parts) const {
  std::size_t done = 0;
  for (std::size_t at = 0; patterns.any && at < text.size();) {
    const Pattern* pattern = match(patterns, text, at);
    if (!pattern) {
      ++at;
      continue;
    }
    std::size_t begin = at, end = at + pattern->code_points.size();
    at = end;
    const AddedToken& token = by_id_.at(pattern->id).token;
    if (token.single_word && ((begin > 0 && is_word_character(text[begin - 1])) ||
                              (end < text.size() && is_word_character(text[end])))) {
      continue;
    }
    if (token.lstrip) {
      while (begin > done && is_white_space(text[begin - 1])) --begin;
      begin = std::max(begin, done);
    }
    if (token.rstrip) {
      while (end < text.size() && is_white_space(text[end])) ++end;
    }
    if (done < begin) parts.push_back({text.slice(done, begin), {}});
    parts.push_back({text.slice(begin, end), pattern->id});
    done = end;
  }
  if (done < text.size()) parts.push_back({text.slice(done, text.size()), {}});
}

std::vector<Split> AddedTokens::extract(const NormalizedText& text,
                                        const Normalizer* normalizer) const {
  std::vector<Split> splits;
  cut(raw_, text, splits);
  cut_each(splits, [&](const NormalizedText& part, std::vector<Split>& parts) {
    NormalizedText normalized = part;
    if (normalizer) normalizer->apply(normalized);
    cut(normalized_, normalized, parts);
  });
  return splits;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Offsets of words and answers lead to tokens.
#include "ascribo/study/row_answers.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

using Offset = Encoding::Offset;

std::vector<Offset> places_of_words(std::string_view text) {
  std::vector<Offset> words;
  std::int64_t at = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::int64_t length = count_code_points(text.substr(begin, end - begin));
    if (length > 0) words.push_back({at, at + length});
    at += length + 1;
    begin = end + 1;
  }
  return words;
}

/// The tokens of a side that stand for some of its characters.
std::vector<std::int64_t> tokens_in(const Encoding& encoding, int side, const Offset& place) {
  std::vector<std::int64_t> found;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const Offset& own = encoding.offsets[i];
    if (encoding.sides[i] == side && own.start < place.end && own.end > place.start) {
      found.push_back(static_cast<std::int64_t>(i));
    }
  }
  return found;
}

Json first_of(const Json& json) { return json.is_array() ? json.at(std::size_t{0}) : json; }

[[noreturn]] void refuse_answer(const std::string& given, const std::string& expected) {
  fail(Code::kBadFile, "answer", given, expected);
}

/// Where the answer stands, in code points.
Offset place_of_answer(std::string_view context, std::string_view label) {
  std::string answer(label);
  std::optional<std::int64_t> start;
  if (label.starts_with("{")) {
    const Json json = Json::parse(label, "answer");
    const Json text = json.at("text"), at = json.at("answer_start");
    if (text.is_array() && text.size() == 0) {
      refuse_answer("there is none", "expected one that stands in the context");
    }
    answer = first_of(text).string();
    start = first_of(at).integer();
  }
  const std::int64_t length = count_code_points(answer);
  if (!start) {
    const std::size_t found = context.find(answer);
    if (found == std::string_view::npos || answer.empty()) {
      refuse_answer('"' + answer + "\" is not in the context", "expected words that are");
    }
    start = count_code_points(context.substr(0, found));
  } else if (length == 0 || *start < 0 ||
             slice_code_points(context, *start, *start + length) != answer) {
    refuse_answer('"' + answer + "\" does not stand at " + std::to_string(*start),
                  "expected the place of its first character in the context");
  }
  return {*start, *start + length};
}

}  // namespace

std::vector<std::string> parse_tags(std::string_view label) {
  if (!label.starts_with("[")) {
    fail(Code::kBadFile, "tags", '"' + std::string(label) + '"', "expected a list, [\"O\", ...]");
  }
  std::vector<std::string> tags;
  Json::parse(label, "tags").elements([&](const Json& tag) {
    tags.push_back(tag.is_string() ? std::string(tag.string()) : tag.dump());
  });
  return tags;
}

void ask_words(const Encoding& encoding, std::string_view text,
               const std::vector<std::int64_t>& tags, Example& example) {
  const std::vector<Offset> words = places_of_words(text);
  if (words.size() != tags.size()) {
    fail(Code::kBadFile, "tags", "there are " + std::to_string(tags.size()),
         "expected one for each of " + std::to_string(words.size()) + " words");
  }
  for (std::size_t n = 0; n < words.size(); ++n) {
    const std::vector<std::int64_t> tokens = tokens_in(encoding, 0, words[n]);
    if (tokens.empty()) continue;
    // A token may stand for several words, if a normalizer takes spaces away.
    if (!example.sequence.reads.empty() && example.sequence.reads.back() >= tokens.front()) {
      continue;
    }
    example.sequence.reads.push_back(tokens.front());
    example.labels.push_back(tags[n]);
  }
}

bool ask_answer(const Encoding& encoding, std::string_view context, std::string_view label,
                Example& example) {
  const Offset place = place_of_answer(context, label);
  const std::vector<std::int64_t> tokens = tokens_in(encoding, 1, place);
  const std::vector<std::int64_t> all = tokens_in(encoding, 1, {0, count_code_points(context)});
  if (tokens.empty() || encoding.offsets[static_cast<std::size_t>(all.back())].end < place.end) {
    return false;
  }
  example.labels = {tokens.front(), tokens.back()};
  example.choices = {all.front(), all.back() + 1};
  return true;
}

void ask_mask(const Encoding& encoding, const std::vector<std::string>& words,
              const Tokenizer& tokenizer, Example& example) {
  if (words.empty()) fail(Code::kBadFile, "label", "it names no word", "expected one");
  const auto mask = tokenizer.special_tokens().mask;
  if (!mask) {
    fail(Code::kUnsupported, "train", "the tokenizer has no mask token",
         "expected one that stands for the word to be learned");
  }
  const auto count = std::count(encoding.ids.begin(), encoding.ids.end(), *mask);
  if (count != 1) {
    fail(Code::kBadFile, "text",
         tokenizer.token(*mask) + " stands in it " + std::to_string(count) + " times",
         "expected one place for a word");
  }
  const auto found = std::find(encoding.ids.begin(), encoding.ids.end(), *mask);
  example.sequence.reads = {found - encoding.ids.begin()};
  for (const std::string& word : words) {
    // As in the middle of a text, or where tokens do not begin with their space, as it is.
    std::vector<std::int64_t> ids = tokenizer.encode(" " + word, {}, false).ids;
    if (ids.size() != 1) ids = tokenizer.encode(word, {}, false).ids;
    if (ids.size() != 1) {
      fail(Code::kBadFile, "label", '"' + word + "\" is " + std::to_string(ids.size()) + " tokens",
           "expected a word that is one");
    }
    example.choices.push_back(ids.front());
  }
  example.labels = {example.choices.front()};
  if (example.choices.size() == 1) example.choices.clear();
}

}  // namespace ascribo

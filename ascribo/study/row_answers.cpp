// SPDX-License-Identifier: MIT
// Offsets of words and answers lead to tokens.
#include "ascribo/study/row_answers.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

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

[[noreturn]] void refuse_answer(const std::string& given, const std::string& expected) {
  fail(Code::kBadFile, "answer", given, expected);
}

/// An answer and where it stands, in code points.
struct PlacedAnswer {
  std::string text;
  Offset place;
};

PlacedAnswer found_answer(std::string_view context, std::string_view answer) {
  const std::size_t found = context.find(answer);
  if (found == std::string_view::npos || answer.empty()) {
    refuse_answer('"' + std::string(answer) + "\" is not in the context",
                  "expected words that are");
  }
  const std::int64_t start = count_code_points(context.substr(0, found));
  return {std::string(answer), {start, start + count_code_points(answer)}};
}

PlacedAnswer placed_answer(std::string_view context, std::string text, std::int64_t start) {
  const std::int64_t length = count_code_points(text);
  if (length == 0 || start < 0 || slice_code_points(context, start, start + length) != text) {
    refuse_answer('"' + text + "\" does not stand at " + std::to_string(start),
                  "expected the place of its first character in the context");
  }
  return {std::move(text), {start, start + length}};
}

std::vector<PlacedAnswer> answers_in(std::string_view context, std::string_view label) {
  if (!label.starts_with("{")) return {found_answer(context, label)};
  const Json json = Json::parse(label, "answer");
  const Json texts = json.at("text"), starts = json.at("answer_start");
  if (!texts.is_array()) {
    const Json start = starts.is_array() ? starts.at(std::size_t{0}) : starts;
    return {placed_answer(context, std::string(texts.string()), start.integer())};
  }
  std::vector<PlacedAnswer> answers;
  texts.elements([&](const Json& text) {
    const Json start = starts.is_array() ? starts.at(answers.size()) : starts;
    answers.push_back(placed_answer(context, std::string(text.string()), start.integer()));
  });
  if (answers.empty()) {
    refuse_answer("there is none", "expected one that stands in the context");
  }
  return answers;
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
  const std::vector<PlacedAnswer> answers = answers_in(context, label);
  const std::vector<std::int64_t> all = tokens_in(encoding, 1, {0, count_code_points(context)});
  if (all.empty()) return false;
  const std::int64_t cut = encoding.offsets[static_cast<std::size_t>(all.back())].end;
  auto texts = std::make_shared<AnswerTexts>();
  example.labels.clear();
  for (const PlacedAnswer& each : answers) {
    texts->right.push_back(each.text);
    const std::vector<std::int64_t> tokens = tokens_in(encoding, 1, each.place);
    if (!example.labels.empty() || tokens.empty() || cut < each.place.end) continue;
    example.labels = {tokens.front(), tokens.back()};
  }
  if (example.labels.empty()) return false;
  example.choices = {all.front(), all.back() + 1};
  texts->context = context;
  texts->places = encoding.offsets;
  example.texts = std::move(texts);
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

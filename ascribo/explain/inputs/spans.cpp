// SPDX-License-Identifier: MIT
// Cuts marks out of texts and gives tokens to spans.
#include "ascribo/explain/inputs/spans.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/character_classes.h"

namespace ascribo {
namespace {

[[noreturn]] void refuse(const std::string& given, const std::string& expected,
                         const std::string& hint = {}) {
  fail(Code::kInvalidArgument, "spans", given, expected, hint);
}

std::string quoted(const Span& span) { return '"' + span.name + '"'; }

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// One side on its way from the text with marks to the text without.
class MarkCutter {
 public:
  MarkCutter(Side side, std::vector<Span>& spans) : side_(side), spans_(spans) {}

  std::string cut(std::string_view text) {
    for (std::size_t open = text.find("{{"); open != std::string_view::npos;
         open = text.find("{{")) {
      add(text.substr(0, open));
      const std::string_view inside = inside_of(text.substr(open + 2));
      text.remove_prefix(open + 2 + inside.size() + 2);
      add_mark(inside);
    }
    add(text);
    return std::move(clean_);
  }

 private:
  void add(std::string_view text) {
    clean_ += text;
    length_ += count_code_points(text);
  }

  /// What stands before the mark's end; of several braces there, the last two are its end.
  static std::string_view inside_of(std::string_view text) {
    std::size_t close = text.find("}}");
    if (close == std::string_view::npos) {
      refuse("a mark is not closed: \"{{" + std::string(text.substr(0, 40)) + '"',
             "expected {{name: words}}", "--spans names the stretches of a text that has braces");
    }
    while (close + 2 < text.size() && text[close + 2] == '}') ++close;
    return text.substr(0, close);
  }

  void add_mark(std::string_view inside) {
    const std::size_t colon = inside.find(':');
    const std::string_view name = without_spaces(inside.substr(0, colon));
    if (colon == std::string_view::npos || name.empty() ||
        inside.find("{{") != std::string_view::npos) {
      refuse("a mark is {{" + std::string(inside) + "}}", "expected {{name: words}}");
    }
    std::string_view words = inside.substr(colon + 1);
    while (words.starts_with(' ')) words.remove_prefix(1);
    const std::int64_t start = length_;
    add(words);
    spans_.push_back({std::string(name), side_, start, length_});
  }

  Side side_;
  std::vector<Span>& spans_;
  std::string clean_;
  std::int64_t length_ = 0;  // of clean_, in code points
};

std::vector<char32_t> characters_of(const std::string& utf8) {
  std::vector<char32_t> characters;
  for (const CodePoint& c : decode_utf8(utf8)) characters.push_back(c.value);
  return characters;
}

void check_span(const Span& span, const std::optional<std::int64_t>& length) {
  if (span.side == Side::kOutput || !length) {
    refuse(quoted(span) + (span.side == Side::kPair ? " is in the pair" : " is in the output"),
           span.side == Side::kPair ? "expected spans of the text: no pair is explained"
                                    : "expected spans of the text or the pair");
  }
  const std::string places =
      quoted(span) + " goes from " + std::to_string(span.start) + " to " + std::to_string(span.end);
  if (span.start < 0 || span.end > *length) {
    refuse(places, std::string("expected a stretch of the ") +
                       (span.side == Side::kPair ? "pair" : "text") + ", which has " +
                       std::to_string(*length) + " characters");
  }
  if (span.start >= span.end) refuse(places, "expected an end that is behind the start");
}

/// The spans of one side, in reading order, and the characters that they count in.
class SideSpans {
 public:
  SideSpans(const std::vector<Span>& spans, Side side, std::vector<char32_t> characters)
      : characters_(std::move(characters)) {
    for (const Span& span : spans) {
      if (span.side == side) spans_.push_back(&span);
    }
    std::stable_sort(spans_.begin(), spans_.end(),
                     [](const Span* a, const Span* b) { return a->start < b->start; });
    for (std::size_t i = 1; i < spans_.size(); ++i) {
      if (spans_[i - 1]->end <= spans_[i]->start) continue;
      refuse(quoted(*spans_[i - 1]) + " and " + quoted(*spans_[i]) + " overlap",
             "expected spans that do not",
             "the first ends at " + std::to_string(spans_[i - 1]->end) + ", the second begins at " +
                 std::to_string(spans_[i]->start));
    }
  }

  const std::vector<const Span*>& spans() const { return spans_; }

  /// The number of the span that the token overlaps, if there is one.
  std::optional<std::size_t> holder(Encoding::Offset offset, const std::string& token) const {
    const auto [start, end] = trimmed(offset);
    const auto first =
        std::partition_point(spans_.begin(), spans_.end(),
                             [start = start](const Span* span) { return span->end <= start; });
    if (first == spans_.end() || (*first)->start >= end) return {};
    const auto second = std::next(first);
    if (second != spans_.end() && (*second)->start < end) {
      refuse("the token \"" + token + "\", from " + std::to_string(start) + " to " +
                 std::to_string(end) + ", lies in " + quoted(**first) + " and in " +
                 quoted(**second),
             "expected spans that meet where a token ends");
    }
    return first - spans_.begin();
  }

 private:
  /// Without white space at its ends, unless there is nothing else; never empty.
  Encoding::Offset trimmed(Encoding::Offset offset) const {
    const auto is_space = [&](std::int64_t at) {
      return is_white_space(characters_[static_cast<std::size_t>(at)]);
    };
    auto [start, end] = offset;
    end = std::min(end, static_cast<std::int64_t>(characters_.size()));
    while (start < end && is_space(start)) ++start;
    while (start < end && is_space(end - 1)) --end;
    if (start < end) return {start, end};
    return {offset.start, std::max(offset.end, offset.start + 1)};
  }

  std::vector<char32_t> characters_;
  std::vector<const Span*> spans_;
};

}  // namespace

bool has_span_units(const Input& input, const Settings& settings) {
  const bool asked = settings.unit == UnitKind::kSpan;
  if (!input.spans.empty() && settings.unit_given && !asked) {
    refuse("spans were given, and unit " + std::string(enum_name(settings.unit)),
           "expected one of them", "unit span");
  }
  if ((asked || !input.spans.empty()) && !input.input_ids.empty()) {
    refuse("input_ids were given", "expected a text that spans count in");
  }
  return asked || !input.spans.empty();
}

Input cut_marks(Input input) {
  input.text = MarkCutter(Side::kText, input.spans).cut(input.text);
  if (input.pair) input.pair = MarkCutter(Side::kPair, input.spans).cut(*input.pair);
  return input;
}

SpanUnits make_span_units(const Encoding& encoding, const std::vector<Span>& spans,
                          const std::string& text, const std::optional<std::string>& pair) {
  if (spans.empty()) {
    refuse("the text has no spans", "expected {{name: words}} in it, or spans given beside it");
  }
  std::array<std::vector<char32_t>, 2> characters = {
      characters_of(text), pair ? characters_of(*pair) : std::vector<char32_t>()};
  const auto length = [&](int side) { return static_cast<std::int64_t>(characters[side].size()); };
  for (const Span& span : spans) {
    const bool is_there = span.side == Side::kText || (span.side == Side::kPair && pair);
    check_span(span, is_there ? std::optional(length(span.side == Side::kPair)) : std::nullopt);
  }
  const std::array<SideSpans, 2> sides = {SideSpans(spans, Side::kText, std::move(characters[0])),
                                          SideSpans(spans, Side::kPair, std::move(characters[1]))};
  std::array<std::vector<Unit>, 2> units;
  for (int side : {0, 1}) {
    for (const Span* span : sides[side].spans()) {
      units[side].push_back({side, span->start, span->end, {}});
    }
  }
  SpanUnits result;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const auto token = static_cast<std::int64_t>(i);
    const int side = encoding.sides[i].value_or(0);
    const bool may_be_held = !encoding.special[i] && side < 2;  // what was written is in no span
    const auto holder =
        may_be_held ? sides[side].holder(encoding.offsets[i], encoding.tokens[i]) : std::nullopt;
    auto& place = encoding.special[i] ? result.units.special
                  : holder            ? units[side][*holder].tokens
                                      : result.outside;
    place.push_back(token);
  }
  for (int side : {0, 1}) {
    for (std::size_t i = 0; i < units[side].size(); ++i) {
      const Span& span = *sides[side].spans()[i];
      if (units[side][i].tokens.empty()) {
        refuse("no token lies in " + quoted(span), "expected spans with text in them",
               "it may be white space, or the text may have been cut before it");
      }
      result.units.units.push_back(std::move(units[side][i]));
      result.names.push_back(span.name);
    }
  }
  return result;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The one file that knows Oniguruma.
#include "ascribo/text/patterns/regex.h"

#include <oniguruma.h>

#include <mutex>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/patterns/stand_in.h"

namespace ascribo {
namespace {

// How often the engine may go back, for one match (its own default, so that of the reference) and
// for one search, which is a few seconds.
constexpr unsigned long kTurnsInMatch = 10'000'000;
constexpr unsigned long kTurnsInSearch = 200'000'000;

const OnigUChar* bytes(const char* text) { return reinterpret_cast<const OnigUChar*>(text); }

std::string reason(int code, OnigErrorInfo* info) {
  OnigUChar buffer[ONIG_MAX_ERROR_MESSAGE_LEN] = {};
  const int length = onig_error_code_to_str(buffer, code, info);
  return {reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(length)};
}

struct FreeRegex {
  void operator()(regex_t* regex) const { onig_free(regex); }
};
struct FreeRegion {
  void operator()(OnigRegion* region) const { onig_region_free(region, 1); }
};
struct FreeParameters {
  void operator()(OnigMatchParam* parameters) const { onig_free_match_param(parameters); }
};

std::size_t code_point_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Symbols are punctuation to [:punct:] since Oniguruma 6.9.9, so to the reference.
std::string with_symbols(std::string pattern) {
  for (const auto& [from, to] :
       {std::pair<std::string_view, std::string_view>{"[:punct:]", "\\p{P}\\p{S}"},
        {"[:^punct:]", "[^\\p{P}\\p{S}]"}}) {
    for (std::size_t at = pattern.find(from); at != std::string::npos;
         at = pattern.find(from, at + 1)) {
      if (at == 0 || pattern[at - 1] != '\\') pattern.replace(at, from.size(), to);
    }
  }
  return pattern;
}

}  // namespace

struct Regex::Compiled {
  std::string pattern, where;
  std::unique_ptr<regex_t, FreeRegex> regex;
  /// Unless the pattern itself names a character that is one or has one.
  bool uses_stand_ins = true;

  void append(std::string& utf8, char32_t c) const {
    append_utf8(utf8, uses_stand_ins ? stand_in(c) : c);
  }
  std::vector<Match> search(std::string_view utf8) const;
};

Regex::Regex(std::string_view pattern, std::string_view where) {
  static std::once_flag once;
  std::call_once(once, [] {
    OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
    onig_initialize(encodings, 1);
  });
  auto compiled = std::make_shared<Compiled>();
  compiled->pattern = pattern;
  compiled->where = where;
  regex_t* regex = nullptr;
  OnigErrorInfo info = {};
  const std::string text = with_symbols(compiled->pattern);
  const int code = onig_new(&regex, bytes(text.data()), bytes(text.data() + text.size()),
                            ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, OnigDefaultSyntax, &info);
  if (code != ONIG_NORMAL) {
    fail(Code::kBadFile, where, "the pattern \"" + compiled->pattern + "\": " + reason(code, &info),
         "expected a regular expression in Oniguruma's syntax");
  }
  compiled->regex.reset(regex);
  for (const CodePoint& c : decode_utf8(pattern, where)) {
    if (stand_in(c.value) != c.value || is_stand_in(c.value)) compiled->uses_stand_ins = false;
  }
  compiled_ = std::move(compiled);
}

Regex Regex::literal(std::string_view text, std::string_view where) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view(R"(\.+*?()|[]{}^$#&-~)").find(c) != std::string_view::npos) {
      pattern += '\\';
    }
    pattern += c;
  }
  return Regex(pattern, where);
}

const std::string& Regex::pattern() const { return compiled_->pattern; }

std::vector<Regex::Match> Regex::Compiled::search(std::string_view utf8) const {
  const std::unique_ptr<OnigRegion, FreeRegion> region(onig_region_new());
  const std::unique_ptr<OnigMatchParam, FreeParameters> parameters(onig_new_match_param());
  onig_initialize_match_param(parameters.get());
  onig_set_retry_limit_in_match_of_match_param(parameters.get(), kTurnsInMatch);
  onig_set_retry_limit_in_search_of_match_param(parameters.get(), kTurnsInSearch);
  const OnigUChar* const text = bytes(utf8.data());
  const OnigUChar* const end = bytes(utf8.data() + utf8.size());
  std::vector<Match> matches;
  for (std::size_t at = 0; at <= utf8.size() && !utf8.empty();) {
    const int found = onig_search_with_param(regex.get(), text, end, text + at, end, region.get(),
                                             ONIG_OPTION_NONE, parameters.get());
    if (found == ONIG_MISMATCH) break;
    if (found < 0) {
      fail(Code::kUnsupported, where,
           "the pattern \"" + pattern + "\" on this text: " + reason(found, nullptr),
           "expected a pattern that does not try endlessly many ways to match");
    }
    const Match match{static_cast<std::size_t>(region->beg[0]),
                      static_cast<std::size_t>(region->end[0])};
    if (match.begin == match.end && !matches.empty() && matches.back().end == match.end) {
      at += at < utf8.size() ? code_point_length(utf8[at]) : 1;
      continue;
    }
    matches.push_back(match);
    at = match.end;
  }
  return matches;
}

std::vector<Regex::Match> Regex::find_all(std::string_view utf8) const {
  std::string text;
  text.reserve(utf8.size());
  for (const CodePoint& c : decode_utf8(utf8)) compiled_->append(text, c.value);
  return compiled_->search(text);
}

std::vector<Regex::Match> Regex::find_all(const NormalizedText& text) const {
  std::string utf8;
  utf8.reserve(text.size());
  for (const NormalizedChar& c : text.chars()) compiled_->append(utf8, c.code);
  std::vector<Match> matches = compiled_->search(utf8);
  std::size_t byte = 0, code_point = 0;
  const auto count_to = [&](std::size_t end) {
    for (; byte < end; ++code_point) byte += code_point_length(utf8[byte]);
    return code_point;
  };
  for (Match& match : matches) {
    match.begin = count_to(match.begin);
    match.end = count_to(match.end);
  }
  return matches;
}

}  // namespace ascribo

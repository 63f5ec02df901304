// SPDX-License-Identifier: MIT
// The one file that knows Oniguruma.
#include "ascribo/text/regex.h"

#include <oniguruma.h>

#include <mutex>

#include "ascribo/base/error.h"

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

}  // namespace

struct Regex::Compiled {
  std::string pattern, where;
  std::unique_ptr<regex_t, FreeRegex> regex;
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
  const char* begin = compiled->pattern.data();
  const int code = onig_new(&regex, bytes(begin), bytes(begin + pattern.size()), ONIG_OPTION_NONE,
                            ONIG_ENCODING_UTF8, OnigDefaultSyntax, &info);
  if (code != ONIG_NORMAL) {
    fail(Code::kBadFile, where, "the pattern \"" + compiled->pattern + "\": " + reason(code, &info),
         "expected a regular expression in Oniguruma's syntax");
  }
  compiled->regex.reset(regex);
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

std::vector<Regex::Match> Regex::find_all(std::string_view utf8) const {
  const std::unique_ptr<OnigRegion, FreeRegion> region(onig_region_new());
  const std::unique_ptr<OnigMatchParam, FreeParameters> parameters(onig_new_match_param());
  onig_initialize_match_param(parameters.get());
  onig_set_retry_limit_in_match_of_match_param(parameters.get(), kTurnsInMatch);
  onig_set_retry_limit_in_search_of_match_param(parameters.get(), kTurnsInSearch);
  const OnigUChar* const text = bytes(utf8.data());
  const OnigUChar* const end = bytes(utf8.data() + utf8.size());
  std::vector<Match> matches;
  for (std::size_t at = 0; at <= utf8.size();) {
    const int found = onig_search_with_param(compiled_->regex.get(), text, end, text + at, end,
                                             region.get(), ONIG_OPTION_NONE, parameters.get());
    if (found == ONIG_MISMATCH) break;
    if (found < 0) {
      fail(Code::kUnsupported, compiled_->where,
           "the pattern \"" + compiled_->pattern + "\" on this text: " + reason(found, nullptr),
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

std::vector<Regex::Match> Regex::find_all(const NormalizedText& text) const {
  const std::string utf8 = text.utf8();
  std::vector<Match> matches = find_all(utf8);
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

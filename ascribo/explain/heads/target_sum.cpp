// SPDX-License-Identifier: MIT
// Cuts sums into terms, and adds up what these read.
#include "ascribo/explain/heads/target_sum.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

/// Sums of more terms are too long to be named by them.
constexpr std::size_t kNamed = 16;

/// What a term begins with: a sign, a number and a star.
struct Weight {
  double value = 1;
  std::size_t length = 0;  ///< of what was read
};

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(' ', at), text.size());
}

/// `first`: the sign may be left out. Nothing when something else stands there.
std::optional<Weight> read_weight(std::string_view text, bool first) {
  std::size_t at = skip_spaces(text, 0);
  const bool is_signed = at < text.size() && (text[at] == '+' || text[at] == '-');
  if (!is_signed && !first) return {};
  const double sign = is_signed && text[at] == '-' ? -1 : 1;
  if (is_signed) at = skip_spaces(text, at + 1);
  // Digits or a point: from_chars would take a second sign, and "inf".
  if (at == text.size() || text.find_first_of("0123456789.", at) != at) return {};
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + at, end, value);
  if (error != std::errc()) return {};
  const std::size_t star = skip_spaces(text, static_cast<std::size_t>(stop - text.data()));
  if (star == text.size() || text[star] != '*') return {};
  return Weight{sign * value, star + 1};
}

/// Where the next term begins, or the text's end.
std::size_t find_term(std::string_view text, std::size_t at) {
  while ((at = text.find_first_of("+-", at)) != std::string_view::npos) {
    if (read_weight(text.substr(at), false)) return at;
    ++at;
  }
  return text.size();
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(skip_spaces(text, 0));
  const std::size_t last = text.find_last_not_of(' ');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

[[noreturn]] void refuse(const std::string& sum, const std::string& given, const char* expected,
                         const char* hint = "") {
  fail(Code::kInvalidArgument, "target", '"' + sum + "\": " + given, expected, hint);
}

/// Where several terms ask about tokens, the last of them; a causal model's sum sees all before it.
std::optional<std::int64_t> last_position(const std::vector<Target>& terms) {
  std::optional<std::int64_t> last;
  for (const Target& term : terms) {
    if (term.position) last = std::max(last.value_or(0), *term.position);
  }
  return last;
}

}  // namespace

std::optional<TargetForm> parse_sum(std::string_view text, const HeadContext& context) {
  if (context.model.head == HeadKind::kBase || !read_weight(text, true)) return {};
  TargetForm sum{.kind = TargetForm::Kind::kSum, .text = std::string(text)};
  for (std::size_t begin = 0; begin < text.size();) {
    const Weight weight = *read_weight(text.substr(begin), begin == 0);
    const std::size_t end = find_term(text, begin + weight.length);
    const std::string_view name =
        trimmed(text.substr(begin + weight.length, end - begin - weight.length));
    if (name.empty()) refuse(sum.text, "a term has no target", "expected W*TARGET+W*TARGET");
    const TargetForm term = parse_target(name, context);
    if (term.kind == TargetForm::Kind::kAll || term.kind == TargetForm::Kind::kSum) {
      refuse(sum.text, "\"" + std::string(name) + "\" is a term", "expected single targets");
    }
    sum.weights.push_back(weight.value);
    sum.terms.push_back(term);
    begin = end;
  }
  return sum;
}

Target resolve_sum(const TargetForm& form, const Answers& answers, const HeadContext& context,
                   std::optional<std::int64_t> at, std::vector<std::string>& notes) {
  const HeadReading& head = find_reading(context.model.head);
  std::vector<Target> terms;
  const std::size_t count = form.terms.size();
  Target sum{.name = count > kNamed ? std::to_string(count) + " weighted targets" : form.text,
             .index = kNoOutput};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<Target> found = head.resolve(form.terms[i], answers, context, at, notes);
    if (found.size() != 1) {
      refuse(form.text,
             "term " + std::to_string(i + 1) + " is " + std::to_string(found.size()) + " targets",
             "expected one", "name its token: token:P=...");
    }
    terms.push_back(std::move(found.front()));
    const Target& term = terms.back();
    sum.tokens.insert(sum.tokens.end(), term.tokens.begin(), term.tokens.end());
    sum.readout.more.push_back({form.weights[i], term.readout.plus});
  }
  sum.position = last_position(terms);
  return sum;
}

TargetForms terms_of(const TargetForms& forms) {
  TargetForms flat{.targets = {}, .versus = forms.versus};
  const auto add = [&](const TargetForm& form) {
    if (form.kind != TargetForm::Kind::kSum) return flat.targets.push_back(form);
    flat.targets.insert(flat.targets.end(), form.terms.begin(), form.terms.end());
  };
  for (const TargetForm& form : forms.targets) add(form);
  if (forms.versus && forms.versus->kind == TargetForm::Kind::kSum) {
    add(*forms.versus);
    flat.versus.reset();
  }
  return flat;
}

}  // namespace ascribo

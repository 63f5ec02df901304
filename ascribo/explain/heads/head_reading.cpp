// SPDX-License-Identifier: MIT
// The table of heads, generated from the folder, and what they share.
#include "ascribo/explain/heads/head_reading.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/explain/heads/target_sum.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {

#define X(stem) const HeadReading& head_##stem();
#include "ascribo/explain/heads/table.inc"
#undef X

namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

/// Forms that only one head has, to say whose they are.
struct OwnForm {
  std::string_view prefix, head;
};
constexpr std::array<OwnForm, 5> kOwnForms = {{{"start:", "question answering"},
                                               {"end:", "question answering"},
                                               {"span:", "question answering"},
                                               {"token:", "token classification"},
                                               {"mask=", "masked language model"}}};

std::string name_of(const Target& target) {
  std::string name = in_quotes(target.name);
  if (target.position) name += " at token " + std::to_string(*target.position);
  return name;
}

/// Makes a target a function of the answer that it was about.
void take_function(const std::shared_ptr<const LogitFunction>& function, const Answers& answers,
                   const HeadContext& context, Target& target) {
  const HeadKind head = context.model.head;
  if (head == HeadKind::kBase || head == HeadKind::kQuestionAnswering) {
    // One answer, whatever the form: a vector, or where all tokens stand.
    const auto all = static_cast<std::int64_t>(answers.logits.size());
    target.readout = {.plus = {{.count = all}}};
  } else if (target.readout.plus.size() != 1) {
    fail(Code::kInvalidArgument, "target",
         '"' + function->name + "\" is asked of " + std::to_string(target.readout.plus.size()) +
             " answers at once",
         "expected one: a label, a token, or what is predicted");
  }
  target.name = function->name;
  target.index = kNoOutput;
  target.readout.function = function;
}

std::vector<Target> resolve_form(const TargetForm& form, const Answers& answers,
                                 const HeadContext& context, std::optional<std::int64_t> at,
                                 std::vector<std::string>& notes) {
  if (form.kind == TargetForm::Kind::kSum) {
    return {resolve_sum(form, answers, context, at, notes)};
  }
  std::vector<Target> targets =
      find_reading(context.model.head).resolve(form, answers, context, at, notes);
  for (Target& target : targets) {
    if (form.function) take_function(form.function, answers, context, target);
  }
  return targets;
}

/// Puts what it is compared with into a target.
void compare(Target& target, const TargetForm& versus, const Answers& answers,
             const HeadContext& context, std::vector<std::string>& notes) {
  if (target.readout.function) {
    fail(Code::kUnsupported, "versus",
         "target \"" + target.name + "\" is a function of logits, and versus is given",
         "expected a function that is the difference");
  }
  const std::vector<Target> others = resolve_form(versus, answers, context, target.position, notes);
  if (others.size() != 1) {
    fail(Code::kInvalidArgument, "versus", std::to_string(others.size()) + " targets were given",
         "expected one to compare with", "name its token: token:P=...");
  }
  const Target& other = others.front();
  target.readout.minus = other.readout.plus;
  for (const WeightedCells& each : other.readout.more) {
    target.readout.more.push_back({-each.weight, each.cells});
  }
  const bool elsewhere =
      other.position != target.position && other.name.find(':') == std::string::npos;
  target.versus = elsewhere && other.position
                      ? other.name + " at token " + std::to_string(*other.position)
                      : other.name;
  target.tokens.insert(target.tokens.end(), other.tokens.begin(), other.tokens.end());
}

}  // namespace

const HeadReading& find_reading(HeadKind kind) {
  static const std::array table{
#define X(stem) &head_##stem(),
#include "ascribo/explain/heads/table.inc"
#undef X
  };
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const HeadReading* each) { return each->kind == kind; });
  ASCRIBO_ASSERT(found != table.end());
  return **found;
}

TargetForm parse_target(std::string_view text, const HeadContext& context) {
  const HeadReading& head = find_reading(context.model.head);
  if (text == "predicted") return {};
  if (text == "all") return {.kind = TargetForm::Kind::kAll};
  const bool is_label =
      std::find(context.labels.begin(), context.labels.end(), text) != context.labels.end();
  if (!is_label) {
    if (const auto sum = parse_sum(text, context)) return *sum;
  }
  if (const auto form = head.parse(text, context)) return *form;
  for (const OwnForm& own : kOwnForms) {
    if (!text.starts_with(own.prefix)) continue;
    fail(Code::kUnsupported, "target",
         in_quotes(text) + " is a target of a " + std::string(own.head) + " head, but this model " +
             std::string(head.does),
         head.expected(context));
  }
  fail_unknown_label(text, context, head.expected(context));
}

TargetForm parse_versus(std::string_view text, const HeadContext& context) {
  const HeadReading& head = find_reading(context.model.head);
  if (head.parse_versus != nullptr && !parse_sum(text, context)) {
    if (const auto form = head.parse_versus(text, context)) return *form;
  }
  TargetForm form = parse_target(text, context);
  if (form.kind == TargetForm::Kind::kAll) {
    fail(Code::kInvalidArgument, "versus", "\"all\" was given",
         "expected one label to compare with", "give predicted, a label or #INDEX");
  }
  return form;
}

std::vector<Target> resolve_targets(const TargetForms& forms, const Answers& answers,
                                    const HeadContext& context, std::vector<std::string>& notes) {
  std::vector<Target> targets;
  for (const TargetForm& form : forms.targets) {
    for (Target& target : resolve_form(form, answers, context, {}, notes)) {
      if (forms.versus) compare(target, *forms.versus, answers, context, notes);
      const bool itself = forms.versus && target.readout.more.empty() &&
                          target.readout.plus == target.readout.minus;
      if (itself && form.kind == TargetForm::Kind::kAll) {
        notes.push_back("all targets but " + in_quotes(target.name) +
                        ", which they are compared with");
      } else if (itself) {
        fail(Code::kInvalidArgument, "versus",
             "target and versus are both " + in_quotes(target.name),
             "expected two different labels", "name the target with --target");
      } else if (std::find(targets.begin(), targets.end(), target) != targets.end()) {
        notes.push_back("target " + name_of(target) +
                        " was asked for more than once; it is given once");
      } else {
        targets.push_back(std::move(target));
      }
    }
  }
  if (targets.empty()) {
    fail(Code::kInvalidArgument, "versus", "the model's only label was to be compared with itself",
         "expected a model with several labels", "leave --versus out");
  }
  return targets;
}

std::optional<std::int64_t> Answers::find(std::int64_t token) const {
  const auto found = std::lower_bound(tokens.begin(), tokens.end(), token);
  if (found == tokens.end() || *found != token) return {};
  return found - tokens.begin();
}

Cell Answers::cell(std::int64_t answer, std::int64_t output) const {
  return {.index = answer * outputs + output, .first = answer * outputs, .count = outputs};
}

std::int64_t Answers::best(std::int64_t answer) const {
  const auto first = logits.begin() + answer * outputs;
  return std::max_element(first, first + outputs) - first;
}

std::vector<std::int64_t> Answers::likeliest(std::int64_t answer, std::int64_t most) const {
  std::vector<std::int64_t> found(static_cast<std::size_t>(outputs));
  std::iota(found.begin(), found.end(), std::int64_t{0});
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, outputs));
  const auto logit = [&](std::int64_t output) {
    return logits[static_cast<std::size_t>(answer * outputs + output)];
  };
  std::partial_sort(found.begin(), found.begin() + count, found.end(),
                    [&](std::int64_t a, std::int64_t b) { return logit(a) > logit(b); });
  found.resize(static_cast<std::size_t>(count));
  return found;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return {};
  const auto number = parse_integer(text.substr(prefix.size()));
  return number && *number >= 0 ? number : std::nullopt;
}

std::optional<TargetForm> parse_token(
    std::string_view text, std::string_view what,
    const std::function<std::int64_t(std::string_view name)>& find) {
  constexpr std::string_view kPrefix = "token:";
  if (!text.starts_with(kPrefix)) return {};
  const std::size_t equals = std::min(text.find('='), text.size());
  const auto token = number_after(text.substr(0, equals), kPrefix);
  if (!token) {
    fail(Code::kInvalidArgument, "target", in_quotes(text) + " names no token",
         "expected token:P or token:P=" + std::string(what) + ", with the number of a token",
         "ascribo tokenize lists them, special tokens included");
  }
  TargetForm form{TargetForm::Kind::kToken, {}, *token};
  if (equals < text.size()) form.output = find(text.substr(equals + 1));
  return form;
}

std::optional<std::pair<std::int64_t, std::int64_t>> span_numbers(std::string_view text) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto first = number_after(text.substr(0, dash), "span:");
  const auto last = number_after(text.substr(dash), "-");
  if (!first || !last || *last < *first) return {};
  return std::pair(*first, *last);
}

namespace {

/// As it stands in the middle of a text, then as at its beginning.
std::array<std::string, 2> spellings(std::string_view word) {
  return {" " + std::string(word), std::string(word)};
}

}  // namespace

std::optional<std::int64_t> find_single_token(std::string_view word, const HeadContext& context,
                                              bool name_first) {
  if (const auto id = number_after(word, "#"); id && *id < context.model.outputs) return *id;
  if (context.tokenizer == nullptr) {
    fail(Code::kUnsupported, "target", "the word " + in_quotes(word) + " was given",
         "expected #ID, because there is no tokenizer");
  }
  const Tokenizer& tokenizer = *context.tokenizer;
  const std::optional<std::int64_t> named = tokenizer.find_token(word);
  if (name_first && named) return *named;
  for (const std::string& text : spellings(word)) {
    const Encoding encoding = tokenizer.encode(text, {}, false);
    const bool known = encoding.size() == 1 && encoding.ids[0] != tokenizer.special_tokens().unk;
    if (known) return encoding.ids[0];
  }
  return named;
}

std::int64_t find_word(std::string_view word, const HeadContext& context,
                       const WordSearch& search) {
  if (const auto found = find_single_token(word, context, search.name_first)) return *found;
  const std::vector<std::string> pieces =
      context.tokenizer->encode(spellings(word).back(), {}, false).tokens;
  fail(Code::kUnknownName, "target",
       in_quotes(word) + " is no single token of this model but " +
           (pieces.empty() ? "none" : listed(pieces, "and")),
       "expected a word of its vocabulary", search.hint);
}

std::optional<std::int64_t> find_label(std::string_view text, const HeadContext& context) {
  const auto label = std::find(context.labels.begin(), context.labels.end(), text);
  if (label != context.labels.end()) return label - context.labels.begin();
  if (!text.starts_with("#")) return {};
  const auto index = number_after(text, "#");
  if (!index || *index >= context.model.outputs) {
    fail(Code::kInvalidArgument, "target", in_quotes(text) + " is not an output of this model",
         "expected #0 to #" + std::to_string(context.model.outputs - 1));
  }
  return index;
}

std::string expected_labels(const std::vector<std::string>& forms, const HeadContext& context) {
  constexpr std::size_t kMost = 20;
  const std::span<const std::string> labels = context.labels;
  std::vector<std::string> names = {"predicted", "all"};
  names.insert(names.end(), forms.begin(), forms.end());
  names.insert(names.end(), labels.begin(),
               labels.begin() + static_cast<std::ptrdiff_t>(std::min(labels.size(), kMost)));
  if (labels.size() > kMost) names.push_back("another label");
  return "expected " + listed(names, "or");
}

void fail_unknown_label(std::string_view text, const HeadContext& context,
                        const std::string& expected) {
  fail(Code::kUnknownName, "target", in_quotes(text) + " is not a label of this model", expected,
       nearest_hint(text, {context.labels.begin(), context.labels.end()}));
}

void check_token(std::int64_t token, const Explanation& shown) {
  const auto count = static_cast<std::int64_t>(shown.tokens.size());
  if (token < count) return;
  fail(Code::kInvalidArgument, "target",
       "token " + std::to_string(token) + " was asked about, but the input has " +
           std::to_string(count) + " tokens",
       "expected 0 to " + std::to_string(count - 1),
       "ascribo tokenize lists them, special tokens included");
}

}  // namespace ascribo

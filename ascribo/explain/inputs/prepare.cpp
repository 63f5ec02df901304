// SPDX-License-Identifier: MIT
// Tokenizes inputs, makes their units and predicts.
#include "ascribo/explain/inputs/prepare.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/base/utf8.h"
#include "ascribo/explain/inputs/continuation.h"
#include "ascribo/explain/inputs/encode.h"
#include "ascribo/explain/inputs/sequence.h"
#include "ascribo/explain/inputs/spans.h"
#include "ascribo/explain/inputs/windows.h"
#include "ascribo/text/tokenizer.h"
#include "ascribo/text/touching_marks.h"

namespace ascribo {
namespace {

// What is known of an input before its text is.
InputSummary summary_of(const Input& input) {
  return {"", input.pair, input.id, input.label, input.input_ids, input.type_ids};
}

// The encoding of what the model reads at once. A model without head reads the pair apart from the
// text, to compare the two.
Encoding encode_own(const Input& input, const Parts& parts, Task& task) {
  if (parts.model.info().head != HeadKind::kBase || !input.pair) {
    Encoding encoding = encode(input, parts, task.result.input.text);
    if (!is_continued(input)) return encoding;
    append_continuation(input, parts, encoding, task.result.output.emplace());
    return encoding;
  }
  std::string shown;
  const Encoding other = encode({.text = *input.pair}, parts, shown);
  check_length(static_cast<std::int64_t>(other.size()), parts.model.info());
  task.other = to_sequence(other, parts.model.info());
  return encode({.text = input.text, .input_ids = input.input_ids}, parts, task.result.input.text);
}

Side to_side(std::optional<int> side) {
  return side == 2 ? Side::kOutput : side == 1 ? Side::kPair : Side::kText;
}

std::vector<TokenInfo> list_tokens(const Encoding& encoding) {
  std::vector<TokenInfo> tokens;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    tokens.push_back({encoding.ids[i], encoding.tokens[i], to_side(encoding.sides[i]),
                      encoding.offsets[i].start, encoding.offsets[i].end,
                      encoding.special[i] != 0});
  }
  return tokens;
}

// Units with the text that the user wrote; a unit that covers none shows its token.
std::vector<UnitInfo> list_units(const Units& units, const Explanation& result) {
  std::vector<UnitInfo> list;
  for (const Unit& unit : units.units) {
    UnitInfo info{"", to_side(unit.side), unit.start, unit.end, unit.tokens};
    info.text = std::string(slice_code_points(side_text(result, info.side), unit.start, unit.end));
    if (info.text.empty()) {
      info.text = result.tokens[static_cast<std::size_t>(unit.tokens.front())].text;
    }
    list.push_back(std::move(info));
  }
  return list;
}

// With special tokens kept, each is a unit at its place.
void keep_special(const std::vector<std::int64_t>& special, Explanation& result) {
  for (const std::int64_t token : special) {
    const std::string& text = result.tokens[static_cast<std::size_t>(token)].text;
    result.units.push_back({text, Side::kText, 0, 0, {token}});
  }
  std::stable_sort(
      result.units.begin(), result.units.end(),
      [](const UnitInfo& a, const UnitInfo& b) { return a.tokens.front() < b.tokens.front(); });
}

// `spans`: null where units are not what the user names.
void set_units(const Encoding& encoding, const std::vector<Span>* spans, const Settings& settings,
               Task& task) {
  Explanation& result = task.result;
  SpanUnits made;
  if (spans != nullptr) {
    made = make_span_units(encoding, *spans, result.input.text,
                           task.other ? std::nullopt : result.input.pair);
  } else {
    made.units =
        make_units(encoding, settings.unit, result.input.text, result.input.pair.value_or(""),
                   result.output ? result.output->text : "");
  }
  if (task.hold_output) {
    std::erase_if(made.units.units, [](const Unit& unit) { return unit.side == 2; });
  }
  result.units = list_units(made.units, result);
  for (std::size_t i = 0; i < made.names.size(); ++i) result.units[i].name = made.names[i];
  result.unit = enum_name(spans != nullptr ? UnitKind::kSpan : settings.unit);
  std::vector<std::int64_t>& special = made.units.special;
  if (settings.special == SpecialRule::kKeep) keep_special(std::exchange(special, {}), result);
  task.rest = std::move(made.outside);
  if (!task.rest.empty()) {
    task.note(std::to_string(task.rest.size()) +
              (task.rest.size() == 1 ? " token is" : " tokens are") +
              " in no span and belong to the remainder");
  }
  task.rest.insert(task.rest.end(), special.begin(), special.end());
  std::sort(task.rest.begin(), task.rest.end());
}

// What a reader should know of how the model reads this input.
void note_reading(const Input& input, const Parts& parts, const Settings& settings, Task& task) {
  const ModelInfo& model = parts.model.info();
  if (!input.input_ids.empty() && settings.unit == UnitKind::kWord) {
    task.note("input_ids do not say what a word is: each token is a unit");
  }
  if (model.words_first && input.input_ids.empty() && has_touching_marks(input.text)) {
    task.note(
        "Flair cuts marks off words before its tokenizer sees them; the text is explained as "
        "written: with spaces around its marks it has exactly Flair's tokens");
  }
  if (input.pair && !task.other && !parts.use_type_ids && model.type_vocab > 1) {
    task.note(
        "text and pair have the same token type: tokenizer_config.json does not give the model "
        "token_type_ids");
  }
}

}  // namespace

TargetForms read_targets(const Request& request, const Input& input, const Settings& settings,
                         const HeadContext& context) {
  const bool own = !input.targets.empty() || !input.functions.empty();
  TargetForms forms;
  for (const std::string& target : own ? input.targets : request.targets) {
    forms.targets.push_back(parse_target(target, context));
  }
  for (const auto& function : own ? input.functions : request.functions) {
    TargetForm form = parse_target(function->of, context);
    if (form.kind == TargetForm::Kind::kSum) {
      fail(Code::kInvalidArgument, "target",
           '"' + function->name + "\" is a function of \"" + function->of + '"',
           "expected a target that is no sum");
    }
    form.function = function;
    forms.targets.push_back(std::move(form));
  }
  if (forms.targets.empty()) forms.targets.emplace_back();
  for (TargetForm& form : forms.targets) form.unit = settings.target_unit;
  const std::optional<std::string>& versus = input.versus ? input.versus : settings.versus;
  if (versus) forms.versus = parse_versus(*versus, context);
  return forms;
}

Task prepare_prediction(const Input& input, const Parts& parts) {
  const ModelInfo& model = parts.model.info();
  Task task;
  task.forms.targets.emplace_back();
  task.result.input = summary_of(input);
  const Encoding encoding = encode_own(input, parts, task);
  check_length(static_cast<std::int64_t>(encoding.size()), model);
  task.sequence = to_sequence(encoding, model);
  task.result.tokens = list_tokens(encoding);
  return task;
}

Task prepare(const Input& given, const Parts& parts, const Settings& settings) {
  const ModelInfo& model = parts.model.info();
  const bool spans = has_span_units(given, settings);
  const std::optional<Input> cut =
      spans && given.spans.empty() ? std::optional(cut_marks(given)) : std::nullopt;
  const Input& input = cut ? *cut : given;
  Task task;
  Explanation& result = task.result;
  result.input = summary_of(input);
  Encoding encoding = encode_own(input, parts, task);
  const bool has_text = std::any_of(encoding.special.begin(), encoding.special.end(),
                                    [](std::uint8_t special) { return special == 0; });
  if (!has_text) {
    const bool is_empty = input.text.empty() && input.input_ids.empty();
    fail(Code::kBadText, "text",
         is_empty ? "the text is empty" : "the text has no tokens but special ones",
         "expected something to explain");
  }
  if (settings.truncate && task.result.output) {
    fail(Code::kUnsupported, "truncate", "a continuation was given",
         "expected a text that may be cut at its end");
  }
  if (settings.truncate) {
    const std::string left_out = truncate(encoding, model.max_positions);
    if (!left_out.empty()) task.note(left_out);
  }
  const std::vector<Window> windows = find_windows(encoding, settings, model);
  const auto length = static_cast<std::int64_t>(encoding.size());
  if (windows.empty()) check_length(length - (result.output ? 1 : 0), model);
  note_reading(input, parts, settings, task);
  task.sequence = to_sequence(encoding, model);
  if (length > model.max_positions && result.output) {
    // The last token is a target and nothing else: what the model would make of it, nobody reads.
    task.sequence.positions.back() = model.max_positions - 1;
  }
  task.special = settings.special;
  task.keep_values = settings.values;
  task.causal = model.head == HeadKind::kCausalLanguageModel;
  task.hold_output = task.result.output && settings.attribute == Attribute::kPrompt;
  task.score = Score(settings.score, link_of(model));
  result.model = {model.path.string(), model.architecture, model.hash};
  result.tokens = list_tokens(encoding);
  set_units(encoding, spans ? &input.spans : nullptr, settings, task);
  result.score = model.head == HeadKind::kBase ? "cosine_similarity" : enum_name(settings.score);
  result.normalize = enum_name(settings.normalize);
  result.sort = settings.sort;
  result.seed = settings.seed;
  cut_windows(task, windows, model);
  return task;
}

}  // namespace ascribo

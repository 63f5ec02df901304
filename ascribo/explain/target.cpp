// SPDX-License-Identifier: MIT
// Reads and resolves targets.
#include "ascribo/explain/target.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"

namespace ascribo {
namespace {

struct ForeignForm {
  std::string_view prefix, head;
};
constexpr std::array<ForeignForm, 5> kForeignForms = {{{"start:", "question answering"},
                                                       {"end:", "question answering"},
                                                       {"span:", "question answering"},
                                                       {"token:", "token classification"},
                                                       {"mask=", "masked language model"}}};

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Every form that a classifier takes, for errors; the first labels stand for very many.
std::string expected_forms(std::span<const std::string> labels) {
  constexpr std::size_t kMost = 20;
  std::vector<std::string> names = {"predicted", "all", "#INDEX"};
  names.insert(names.end(), labels.begin(),
               labels.begin() + static_cast<std::ptrdiff_t>(std::min(labels.size(), kMost)));
  if (labels.size() > kMost) names.push_back("another label");
  return "expected " + listed(names, "or");
}

std::int64_t parse_index(std::string_view text, std::span<const std::string> labels) {
  const std::string_view digits = text.substr(1);
  std::int64_t index = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size() || index < 0 ||
      index >= static_cast<std::int64_t>(labels.size())) {
    fail(Code::kInvalidArgument, "target", quoted(text) + " is not an output of this model",
         "expected #0 to #" + std::to_string(labels.size() - 1));
  }
  return index;
}

}  // namespace

TargetForm parse_target(std::string_view text, std::span<const std::string> labels) {
  if (text == "predicted") return {TargetForm::Kind::kPredicted, 0};
  if (text == "all") return {TargetForm::Kind::kAll, 0};
  const auto label = std::find(labels.begin(), labels.end(), text);
  if (label != labels.end()) return {TargetForm::Kind::kIndex, label - labels.begin()};
  if (text.starts_with("#")) return {TargetForm::Kind::kIndex, parse_index(text, labels)};
  for (const ForeignForm& form : kForeignForms) {
    if (!text.starts_with(form.prefix)) continue;
    fail(Code::kUnsupported, "target",
         quoted(text) + " is a target of a " + std::string(form.head) +
             " head, but this model classifies whole texts",
         expected_forms(labels));
  }
  fail(Code::kUnknownName, "target", quoted(text) + " is not a label of this model",
       expected_forms(labels), nearest_hint(text, {labels.begin(), labels.end()}));
}

TargetForm parse_versus(std::string_view text, std::span<const std::string> labels) {
  const TargetForm form = parse_target(text, labels);
  if (form.kind == TargetForm::Kind::kAll) {
    fail(Code::kInvalidArgument, "versus", "\"all\" was given",
         "expected one label to compare with", "give predicted, a label or #INDEX");
  }
  return form;
}

std::vector<Target> resolve_targets(std::span<const TargetForm> forms,
                                    const std::optional<TargetForm>& versus, std::int64_t predicted,
                                    std::span<const std::string> labels,
                                    std::vector<std::string>& notes) {
  std::optional<std::int64_t> other;
  if (versus) other = versus->kind == TargetForm::Kind::kPredicted ? predicted : versus->index;
  std::vector<Target> targets;
  const auto add = [&](std::int64_t index) {
    const Target target{index, other};
    if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
      targets.push_back(target);
    } else {
      notes.push_back("target " + quoted(labels[static_cast<std::size_t>(index)]) +
                      " was asked for more than once; it is given once");
    }
  };
  for (const TargetForm& form : forms) {
    if (form.kind == TargetForm::Kind::kAll) {
      for (std::int64_t i = 0; i < static_cast<std::int64_t>(labels.size()); ++i) {
        if (i != other) add(i);
      }
      if (other) {
        notes.push_back("all targets but " + quoted(labels[static_cast<std::size_t>(*other)]) +
                        ", which they are compared with");
      }
      continue;
    }
    const std::int64_t index = form.kind == TargetForm::Kind::kPredicted ? predicted : form.index;
    if (index == other) {
      const std::string label = quoted(labels[static_cast<std::size_t>(index)]);
      fail(Code::kInvalidArgument, "versus", "target and versus are both " + label,
           "expected two different labels", "name the target with --target");
    }
    add(index);
  }
  if (targets.empty()) {
    fail(Code::kInvalidArgument, "versus", "the model's only label was to be compared with itself",
         "expected a model with several labels", "leave --versus out");
  }
  return targets;
}

}  // namespace ascribo

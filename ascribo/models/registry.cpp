// SPDX-License-Identifier: MIT
// The table of architectures, generated from the folder.
#include <algorithm>
#include <array>
#include <optional>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/io/weight_files.h"
#include "ascribo/models/architecture.h"

namespace ascribo {

#define X(stem) const Architecture& arch_##stem();
#include "ascribo/models/arch/table.inc"
#undef X

namespace {

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> type_names(const Architecture& architecture) {
  return {architecture.model_types.begin(), architecture.model_types.end()};
}

const ModelClass* find_class(const Architecture& architecture, std::string_view name) {
  const auto& classes = architecture.classes;
  const auto found = std::find_if(classes.begin(), classes.end(),
                                  [&](const ModelClass& each) { return each.name == name; });
  return found == classes.end() ? nullptr : &*found;
}

std::vector<std::string> class_names(const Architecture& architecture) {
  std::vector<std::string> names;
  for (const ModelClass& each : architecture.classes) names.emplace_back(each.name);
  return names;
}

using Names = std::vector<std::string> (*)(const Architecture&);

[[noreturn]] void unknown(const std::string& field, const std::string& name, Names names) {
  std::vector<std::string> known;
  for (const Architecture* each : architectures()) {
    for (const std::string& other : names(*each)) known.push_back(other);
  }
  fail(Code::kUnknownName, "config.json", field + " \"" + name + "\"",
       "expected " + listed(known, "or"), nearest_hint(name, known));
}

/// The class that config.json names first, or nothing.
std::string config_class(const Json& config) {
  const std::optional<Json> classes = config.find("architectures");
  if (!classes || classes->size() == 0) return {};
  return std::string(classes->at(std::size_t{0}).string());
}

/// What the names of a head's weights begin with, in the families of the time when configs named
/// no class.
struct HeadMark {
  std::string_view name;
  HeadKind kind;
};
constexpr std::array<HeadMark, 8> kHeadMarks = {
    {{"classifier.", HeadKind::kSequenceClassification},
     {"score.", HeadKind::kSequenceClassification},
     {"qa_outputs.", HeadKind::kQuestionAnswering},
     {"cls.predictions.", HeadKind::kMaskedLanguageModel},
     {"lm_head.", HeadKind::kMaskedLanguageModel},
     {"lm_head.", HeadKind::kCausalLanguageModel},
     {"embed_out.", HeadKind::kCausalLanguageModel},
     {"vocab_projector.", HeadKind::kMaskedLanguageModel}}};

/// Whether a weight's name begins so, as it stands or behind a wrapper.
bool any_begins(const WeightFiles& files, std::string_view with) {
  const std::vector<StoredTensor>& tensors = files.tensors();
  return std::any_of(tensors.begin(), tensors.end(), [&](const StoredTensor& each) {
    std::string_view name = each.name;
    for (const std::string_view wrapper : {"module.", "model."}) {
      if (!name.starts_with(with) && name.starts_with(wrapper)) name.remove_prefix(wrapper.size());
    }
    return name.starts_with(with);
  });
}

const ModelClass* class_with(const Architecture& architecture, HeadKind kind) {
  const auto& classes = architecture.classes;
  const auto found = std::find_if(classes.begin(), classes.end(),
                                  [&](const ModelClass& each) { return each.kind == kind; });
  return found == classes.end() ? nullptr : &*found;
}

/// The class whose head the weights belong to, by their names.
const ModelClass* guess_class(const Architecture& architecture, const Json& config,
                              const WeightFiles& files) {
  for (const HeadMark& mark : kHeadMarks) {
    const ModelClass* head = class_with(architecture, mark.kind);
    if (head && any_begins(files, mark.name)) return head;
  }
  // A language model whose output matrix is its word table has no weights but the base model's.
  const ModelClass* words = class_with(architecture, HeadKind::kCausalLanguageModel);
  if (words && config.boolean_or("tie_word_embeddings", true)) return words;
  return class_with(architecture, HeadKind::kBase);
}

std::pair<const Architecture*, const ModelClass*> guess_architecture(const Json& config,
                                                                     const WeightFiles& files) {
  for (const Architecture* each : architectures()) {
    // These are no family's names: any checkpoint may be wrapped so.
    if (each->prefix == "model." || each->prefix == "transformer.") continue;
    if (!any_begins(files, each->prefix)) continue;
    if (const ModelClass* head = guess_class(*each, config, files)) return {each, head};
  }
  fail(Code::kBadCheckpoint, "config.json", "it has neither model_type nor architectures",
       "expected the configuration of a model, or weights named after a known family",
       "is this the folder of a tokenizer?");
}

}  // namespace

std::span<const Architecture* const> architectures() {
  static const std::array table{
#define X(stem) &arch_##stem(),
#include "ascribo/models/arch/table.inc"
#undef X
  };
  return table;
}

std::pair<const Architecture*, const ModelClass*> find_architecture(const Json& config,
                                                                    const WeightFiles& files) {
  const std::string type = config.string_or("model_type", "");
  const std::string name = config_class(config);
  for (const Architecture* each : architectures()) {
    const ModelClass* head = name.empty() ? nullptr : find_class(*each, name);
    if (type.empty() ? !head : !holds(each->model_types, type)) continue;
    if (name.empty()) head = guess_class(*each, config, files);
    if (name.empty() && !head) head = &each->classes.front();
    if (head) return {each, head};
    fail(Code::kUnknownName, "config.json", "architectures names \"" + name + "\"",
         "expected, for model_type \"" + type + "\", " + listed(class_names(*each), "or"),
         nearest_hint(name, class_names(*each)));
  }
  if (!type.empty()) unknown("model_type is", type, type_names);
  if (!name.empty()) unknown("architectures names", name, class_names);
  return guess_architecture(config, files);
}

}  // namespace ascribo

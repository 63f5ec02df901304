// SPDX-License-Identifier: MIT
// What a checkpoint says about itself.
#include "bindings.h"

namespace ascribo::python {
namespace {

const char* head_name(HeadKind head) {
  switch (head) {
    case HeadKind::kSequenceClassification: return "sequence_classification";
    case HeadKind::kTokenClassification: return "token_classification";
    case HeadKind::kQuestionAnswering: return "question_answering";
    case HeadKind::kMaskedLanguageModel: return "masked_language_model";
    case HeadKind::kCausalLanguageModel: return "causal_language_model";
    case HeadKind::kBase: return "base";
  }
  return "";
}

const char* problem_name(Problem problem) {
  switch (problem) {
    case Problem::kSingleLabel: return "single_label";
    case Problem::kMultiLabel: return "multi_label";
    case Problem::kRegression: return "regression";
  }
  return "";
}

}  // namespace

void bind_model(nb::module_& module) {
  nb::class_<ModelInfo>(module, "ModelInfo", "What a checkpoint says about itself.")
      .def_ro("path", &ModelInfo::path)
      .def_ro("architecture", &ModelInfo::architecture)
      .def_ro("model_type", &ModelInfo::model_type)
      .def_ro("hash", &ModelInfo::hash)
      .def_ro("layers", &ModelInfo::layers)
      .def_ro("heads", &ModelInfo::heads)
      .def_ro("hidden", &ModelInfo::hidden)
      .def_ro("vocab", &ModelInfo::vocab)
      .def_ro("max_positions", &ModelInfo::max_positions)
      .def_ro("parameters", &ModelInfo::parameters)
      .def_ro("outputs", &ModelInfo::outputs)
      .def_ro("causal", &ModelInfo::causal)
      .def_ro("embedding", &ModelInfo::embedding)
      .def_ro("type_vocab", &ModelInfo::type_vocab)
      .def_ro("unused", &ModelInfo::unused)
      .def_prop_ro("problem", [](const ModelInfo& self) { return problem_name(self.problem); })
      .def_prop_ro("weights",
                   [](const ModelInfo& self) {
                     std::vector<std::tuple<std::string, Shape, std::string>> found;
                     for (const ModuleInfo& each : self.modules) {
                       found.emplace_back(each.name, each.shape, dtype_name(each.dtype));
                     }
                     return found;
                   })
      .def_prop_ro("head", [](const ModelInfo& self) { return head_name(self.head); });
}

}  // namespace ascribo::python

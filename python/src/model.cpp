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
      .def_prop_ro("head", [](const ModelInfo& self) { return head_name(self.head); });
}

}  // namespace ascribo::python

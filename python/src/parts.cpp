// SPDX-License-Identifier: MIT
// What an explanation is made of: tokens, units, the prediction, attributions, costs.
#include <array>
#include <cstdio>

#include "bindings.h"

namespace ascribo::python {
namespace {

const char* side_name(Side side) {
  switch (side) {
    case Side::kText: return "text";
    case Side::kPair: return "pair";
    case Side::kOutput: return "output";
  }
  return "";
}

std::string repr(const std::string& text) {
  return nb::repr(nb::str(text.data(), text.size())).c_str();
}

std::string token_repr(const TokenInfo& token) {
  return "Token(" + std::to_string(token.id) + ", " + repr(token.text) + ")";
}

std::string unit_repr(const UnitInfo& unit) {
  return "Unit(" + repr(unit.text) + ", " + std::to_string(unit.start) + ", " +
         std::to_string(unit.end) + ")";
}

std::string prediction_repr(const Prediction& prediction) {
  std::string text =
      "Prediction(" + std::to_string(prediction.index) + ", " + repr(prediction.label);
  if (prediction.probability) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.4f",
                  static_cast<double>(*prediction.probability));
    text += std::string(", probability=") + digits.data();
  }
  return text + ")";
}

void bind_text_parts(nb::module_& module) {
  nb::class_<TokenInfo>(module, "Token", "A token as the model saw it; offsets in code points.")
      .def_ro("id", &TokenInfo::id)
      .def_ro("text", &TokenInfo::text)
      .def_prop_ro("side", [](const TokenInfo& self) { return side_name(self.side); })
      .def_ro("start", &TokenInfo::start)
      .def_ro("end", &TokenInfo::end)
      .def_ro("special", &TokenInfo::special)
      .def("__repr__", token_repr);
  nb::class_<UnitInfo>(module, "Unit",
                       "What a score belongs to: a stretch of the text, and its tokens' indices.")
      .def_ro("text", &UnitInfo::text)
      .def_prop_ro("side", [](const UnitInfo& self) { return side_name(self.side); })
      .def_ro("start", &UnitInfo::start)
      .def_ro("end", &UnitInfo::end)
      .def_ro("tokens", &UnitInfo::tokens)
      .def_ro("name", &UnitInfo::name)
      .def("__repr__", unit_repr);
}

void bind_answers(nb::module_& module) {
  nb::class_<TokenPrediction>(module, "TokenPrediction", "What a head says of one token.")
      .def_ro("token", &TokenPrediction::token)
      .def_ro("index", &TokenPrediction::index)
      .def_ro("label", &TokenPrediction::label)
      .def_ro("probability", &TokenPrediction::probability);
  nb::class_<Prediction>(module, "Prediction",
                         "What the model answers. probability is None for regression; logits are "
                         "empty where there is one answer for each token.")
      .def_ro("index", &Prediction::index)
      .def_ro("label", &Prediction::label)
      .def_ro("probability", &Prediction::probability)
      .def_ro("logits", &Prediction::logits)
      .def_ro("tokens", &Prediction::tokens)
      .def("__repr__", prediction_repr);
  nb::class_<OutputSummary>(module, "Output", "What a causal model wrote after its text.")
      .def_ro("text", &OutputSummary::text)
      .def_ro("ids", &OutputSummary::ids);
}

void bind_evidence(nb::module_& module) {
  nb::class_<BaselineSummary>(module, "Baseline", "What a text was compared with.")
      .def_ro("kind", &BaselineSummary::kind)
      .def_ro("tokens", &BaselineSummary::tokens);
  nb::class_<Cost>(module, "Cost", "What an answer took.")
      .def_ro("seconds", &Cost::seconds)
      .def_ro("forward_tokens", &Cost::forward_tokens)
      .def_ro("backward_tokens", &Cost::backward_tokens);
  nb::class_<Attribution>(module, "Attribution", "One target's scores, as plain numbers.")
      .def_ro("target", &Attribution::target)
      .def_ro("index", &Attribution::index)
      .def_ro("position", &Attribution::position)
      .def_ro("versus", &Attribution::versus)
      .def_ro("value", &Attribution::value)
      .def_ro("baseline_value", &Attribution::baseline_value)
      .def_ro("delta", &Attribution::delta)
      .def_ro("scores", &Attribution::scores)
      .def_ro("special", &Attribution::special)
      .def_ro("standard_error", &Attribution::standard_error)
      .def("__repr__",
           [](const Attribution& self) { return "Attribution(" + repr(self.target) + ")"; });
}

}  // namespace

void bind_parts(nb::module_& module) {
  bind_text_parts(module);
  bind_answers(module);
  bind_evidence(module);
}

}  // namespace ascribo::python

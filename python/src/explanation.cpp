// SPDX-License-Identifier: MIT
// The result of explaining one text.
#include <cmath>
#include <limits>

#include "arrays.h"
#include "bindings.h"

namespace ascribo::python {
namespace {

/// `[targets, units]`.
template <class Row>
Array<float> table(const Explanation& self, Row row) {
  const auto targets = static_cast<std::int64_t>(self.attributions.size());
  const auto units = static_cast<std::int64_t>(self.units.size());
  return make_array<float>({targets, units}, [&](float* to) {
    for (const Attribution& attribution : self.attributions) {
      const std::vector<float>& scores = row(attribution);
      to = std::copy(scores.begin(), scores.end(), to);
    }
  });
}

Array<float> scores(const Explanation& self) {
  return table(self,
               [](const Attribution& each) -> const std::vector<float>& { return each.scores; });
}

std::optional<Array<float>> standard_errors(const Explanation& self) {
  for (const Attribution& each : self.attributions) {
    if (!each.standard_error) return std::nullopt;
  }
  return table(self, [](const Attribution& each) -> const std::vector<float>& {
    return *each.standard_error;
  });
}

/// `[targets, tokens, dimensions]`.
std::optional<Array<float>> values(const Explanation& self) {
  const auto tokens = static_cast<std::int64_t>(self.tokens.size());
  std::int64_t width = 0;
  for (const Attribution& each : self.attributions) {
    if (!each.values || tokens == 0) return std::nullopt;
    width = static_cast<std::int64_t>(each.values->size()) / tokens;
  }
  const auto targets = static_cast<std::int64_t>(self.attributions.size());
  return make_array<float>({targets, tokens, width}, [&](float* to) {
    for (const Attribution& each : self.attributions) {
      to = std::copy(each.values->begin(), each.values->end(), to);
    }
  });
}

/// `[targets]`, NaN where there is none.
template <class Number>
Array<double> numbers(const Explanation& self, Number number) {
  const auto targets = static_cast<std::int64_t>(self.attributions.size());
  return make_array<double>({targets}, [&](double* to) {
    for (const Attribution& each : self.attributions) {
      const std::optional<double> value = number(each);
      *to++ = value.value_or(std::numeric_limits<double>::quiet_NaN());
    }
  });
}

nb::dict layers(const Explanation& self) {
  nb::dict found;
  if (!self.layers) return found;
  for (const LayerTable& each : *self.layers) {
    if (each.data.empty() && !each.file.empty()) continue;  // in a file of its own
    found[each.name.c_str()] = make_array<float>(
        each.shape, [&](float* to) { std::copy(each.data.begin(), each.data.end(), to); });
  }
  return found;
}

nb::dict options(const Explanation& self) {
  nb::dict found;
  for (const auto& [name, value] : self.method.options) {
    std::visit([&](const auto& held) { found[name.c_str()] = held; }, value);
  }
  return found;
}

void bind_numbers(nb::class_<Explanation>& explanation) {
  explanation.def("scores", scores)
      .def("standard_error", standard_errors)
      .def("values", values)
      .def("layers", layers,
           nb::sig("def layers(self) -> dict[str, numpy.typing.NDArray[numpy.float32]]"))
      .def("value",
           [](const Explanation& self) {
             return numbers(self,
                            [](const Attribution& each) { return std::optional(each.value); });
           })
      .def("baseline_value",
           [](const Explanation& self) {
             return numbers(self, [](const Attribution& each) { return each.baseline_value; });
           })
      .def("delta",
           [](const Explanation& self) {
             return numbers(self, [](const Attribution& each) { return each.delta; });
           })
      .def("special", [](const Explanation& self) {
        return numbers(self, [](const Attribution& each) { return each.special; });
      });
}

}  // namespace

void bind_explanation(nb::module_& module) {
  nb::class_<Explanation> explanation(module, "Explanation");
  explanation.def_prop_ro("text", [](const Explanation& self) { return self.input.text; })
      .def_prop_ro("pair", [](const Explanation& self) { return self.input.pair; })
      .def_prop_ro("id", [](const Explanation& self) { return self.input.id; })
      .def_prop_ro("label", [](const Explanation& self) { return self.input.label; })
      .def_prop_ro("model_path", [](const Explanation& self) { return self.model.path; })
      .def_prop_ro("architecture", [](const Explanation& self) { return self.model.architecture; })
      .def_prop_ro("model_hash", [](const Explanation& self) { return self.model.hash; })
      .def_prop_ro("method", [](const Explanation& self) { return self.method.name; })
      .def_prop_ro("signed", [](const Explanation& self) { return self.method.is_signed; })
      .def("options", options, nb::sig("def options(self) -> dict[str, bool | int | float | str]"))
      .def_ro("prediction", &Explanation::prediction)
      .def_ro("output", &Explanation::output)
      .def_ro("tokens", &Explanation::tokens)
      .def_ro("units", &Explanation::units)
      .def_ro("baseline", &Explanation::baseline)
      .def_ro("score", &Explanation::score)
      .def_ro("unit", &Explanation::unit)
      .def_ro("attributions", &Explanation::attributions)
      .def_ro("masks", &Explanation::masks)
      .def_ro("cost", &Explanation::cost)
      .def_ro("seed", &Explanation::seed)
      .def_ro("normalize", &Explanation::normalize)
      .def_ro("sort", &Explanation::sort)
      .def_ro("notes", &Explanation::notes)
      .def(
          "shown_as",
          [](const Explanation& self, const std::string& normalize, bool sort) {
            Explanation copy = self;
            copy.normalize = normalize;
            copy.sort = sort;
            return copy;
          },
          "normalize"_a, "sort"_a)
      .def("normalized", [](const Explanation& self) { return normalized(self); });
  bind_numbers(explanation);
  module.def("parse_explanation", &parse_explanation, "json"_a, "where"_a,
             nb::call_guard<nb::gil_scoped_release>());
  module.def(
      "open_explanations",
      [](const std::filesystem::path& file) {
        const auto saved = SavedExplanations::open(file);
        std::vector<Explanation> found;
        while (auto next = saved->next()) found.push_back(std::move(*next));
        return found;
      },
      "file"_a, nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace ascribo::python

// SPDX-License-Identifier: MIT
// Methods, metrics and options, as they describe themselves.
#include "bindings.h"

namespace ascribo::python {
namespace {

nb::dict describe(const OptionInfo& option) {
  nb::dict found;
  found["name"] = option.name;
  found["type"] = option.type;
  found["choices"] = option.choices;
  found["default"] = option.default_value;
  found["help"] = option.help;
  found["repeatable"] = option.repeatable;
  return found;
}

nb::list describe(const std::vector<OptionInfo>& options) {
  nb::list found;
  for (const OptionInfo& option : options) found.append(describe(option));
  return found;
}

nb::dict describe(const Method& method) {
  nb::dict found;
  found["name"] = method.name;
  found["family"] = enum_name(method.family);
  found["summary"] = method.summary;
  found["formula"] = method.formula;
  found["paper"] = method.paper;
  found["cost"] = method.cost;
  found["completeness"] = method.completeness;
  found["signed"] = method.is_signed;
  found["sampled"] = method.is_sampled;
  found["options"] = describe(method.options());
  return found;
}

nb::dict describe(const Metric& metric) {
  nb::dict found;
  found["name"] = metric.name;
  found["summary"] = metric.summary;
  found["formula"] = metric.formula;
  found["paper"] = metric.paper;
  found["direction"] = enum_name(metric.direction);
  found["range"] = metric.range;
  found["needs"] = metric.needs;
  found["cost"] = metric.cost;
  found["options"] = metric.options ? describe(metric.options()) : nb::list();
  return found;
}

template <class Entry>
nb::list describe_all(const std::vector<const Entry*>& table) {
  nb::list found;
  for (const Entry* entry : table) found.append(describe(*entry));
  return found;
}

}  // namespace

void bind_catalogue(nb::module_& module) {
  const char* kList = "() -> list[dict[str, typing.Any]]";
  const auto add = [&](const char* name, auto function) {
    module.def(name, function, nb::sig(("def " + std::string(name) + kList).c_str()));
  };
  add("methods", [] { return describe_all(methods()); });
  add("metrics", [] { return describe_all(metrics()); });
  add("request_options", [] { return describe(request_options()); });
  add("generation_options", [] { return describe(generation_options()); });
  add("training_options", [] { return describe(training_options()); });
  module.def("set_threads", &set_threads, "count"_a,
             "How many threads work may use in the whole process; 0: as many as there are.");
  module.def("thread_count", &thread_count);
  module.def("find_model", &find_model, "name_or_folder"_a,
             "The folder of a model by its name, or the folder itself.");
  module.def("nearest_hint", &nearest_hint, "word"_a, "names"_a, "fallback"_a = "");
}

}  // namespace ascribo::python

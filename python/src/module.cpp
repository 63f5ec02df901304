// SPDX-License-Identifier: MIT
// The extension module: the library as Python sees it, which the package's own files build on.
#include "bindings.h"

NB_MODULE(_core, module) {
  using namespace ascribo::python;  // NOLINT(google-build-using-namespace): this is their module
  // Explanations that a notebook still holds when it ends are no leak.
  nanobind::set_leak_warnings(false);
  module.doc() = "The engine. Use the package ascribo; what is here may change.";
  module.attr("version") = ASCRIBO_VERSION;
  bind_errors(module);
  bind_catalogue(module);
  bind_functions(module);
  bind_input(module);
  bind_parts(module);
  bind_explanation(module);
  bind_render(module);
  bind_encoding(module);
  bind_model(module);
  bind_generation(module);
  bind_evaluation(module);
  bind_subject(module);
  bind_studies(module);
  bind_training(module);
}

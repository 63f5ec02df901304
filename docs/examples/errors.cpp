// SPDX-License-Identifier: MIT
// Story: what goes wrong says where, what was given, what was expected, and what to do.
#include <cstdio>

#include "ascribo/ascribo.h"

int main() {
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const ascribo::Request mistakes[] = {
      {.method = "integrated_gradient"},
      {.targets = {"positiv"}},
      {.options = {{"steps", "many"}}},
      {.options = {{"stepz", "20"}}},
  };
  for (const auto& request : mistakes) {
    try {
      subject.explain({.text = "A warm film."}, request);
    } catch (const ascribo::Error& error) {
      std::printf("%s\n  %s\n", ascribo::code_name(error.code()).data(), error.what());
    }
  }
}

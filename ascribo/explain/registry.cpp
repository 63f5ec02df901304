// SPDX-License-Identifier: MIT
// The table of methods, made from the folder methods/.
#include <algorithm>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/explain/method.h"

namespace ascribo {

#define X(stem) const Method& method_##stem();
#include "ascribo/explain/methods/table.inc"
#undef X

const std::vector<const Method*>& methods() {
  static const std::vector<const Method*> table = {
#define X(stem) &method_##stem(),
#include "ascribo/explain/methods/table.inc"
#undef X
  };
  return table;
}

const Method& find_method(std::string_view name) {
  std::vector<std::string> names;
  for (const Method* method : methods()) {
    if (method->name == name) return *method;
    names.emplace_back(method->name);
  }
  fail(Code::kUnknownName, "method", "\"" + std::string(name) + "\" is not a method",
       "expected " + listed(names, "or"), nearest_hint(name, names));
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Reads masks, one character per unit.
#include "ascribo/explain/inputs/masks.h"

#include <string>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

void check_mask(const std::string& mask, std::size_t number, std::size_t units) {
  const std::size_t wrong = mask.find_first_not_of("01");
  if (mask.size() == units && wrong == std::string::npos) return;
  const std::string given =
      wrong == std::string::npos
          ? "has " + std::to_string(mask.size()) + " flags"
          : "holds '" + mask.substr(wrong, 1) + "' at place " + std::to_string(wrong);
  fail(Code::kInvalidArgument, "masks", "mask " + std::to_string(number) + " " + given,
       "expected 0 (kept) or 1 (hidden) for each of the " + std::to_string(units) + " units",
       "masks belong to one text and one --unit");
}

void check_method(const Method& method) {
  if (method.takes_masks) return;
  fail(
      Code::kUnsupported, "masks", std::string(method.name) + " draws no masks", "expected " + [] {
        std::string names;
        for (const Method* other : methods()) {
          if (other->takes_masks) names += (names.empty() ? "" : ", ") + std::string(other->name);
        }
        return names;
      }());
}

}  // namespace

void take_masks(const Input& input, const Settings& settings, const Method& method, Task& task) {
  if (settings.keep_masks) check_method(method);
  task.keep_masks = settings.keep_masks;
  if (input.masks.empty()) return;
  check_method(method);
  if (!task.parts.empty()) {
    fail(Code::kUnsupported, "masks",
         task.is_contrast ? "masks were given, and two continuations are compared"
                          : "masks were given for a text that is explained in windows",
         "expected a text that the model reads at once");
  }
  const std::size_t units = task.result.units.size();
  Design& design = task.given.emplace(units);
  for (std::size_t number = 0; number < input.masks.size(); ++number) {
    const std::string& mask = input.masks[number];
    check_mask(mask, number, units);
    const auto row = design.add();
    for (std::size_t unit = 0; unit < units; ++unit) row[unit] = mask[unit] == '1';
  }
}

}  // namespace ascribo

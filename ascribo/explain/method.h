// SPDX-License-Identifier: MIT
// What a method declares about itself; the doors, the documentation and the conformance tests
// read it from here.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

struct Task;   // one text, ready to be explained: explain/task.h
class Scorer;  // runs the model on many variants of texts: explain/scorer.h

enum class Family { kGradient, kPerturbation };

/// One attribution method. A method is one file in explain/methods/ that defines
/// `const Method& method_<file stem>()`.
struct Method {
  std::string_view name;
  Family family = Family::kGradient;
  std::string_view summary;      ///< one sentence
  std::string_view formula;      ///< plain text
  std::string_view paper;        ///< author, year, title
  std::string_view cost;         ///< in forwards and backwards
  bool completeness = false;     ///< scores and special add up to value - baseline_value
  bool exact_on_linear = false;  ///< exact for a model linear in the embeddings
  bool has_baseline = false;
  std::vector<OptionInfo> (*options)() = nullptr;
  /// Fills in the results of `tasks`; options are parsed here. Errors leave no task half filled.
  void (*run)(const OptionValues& options, std::span<Task> tasks, Scorer& scorer) = nullptr;
};

/// Every method, by name.
const std::vector<const Method*>& methods();
/// Errors: kUnknownName with the nearest name.
const Method& find_method(std::string_view name);

}  // namespace ascribo

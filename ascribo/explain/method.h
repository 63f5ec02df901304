// SPDX-License-Identifier: MIT
// What a method declares about itself; the doors, the documentation and the conformance tests
// read it from here.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

struct Task;   // one text, ready to be explained: explain/task.h
class Scorer;  // runs the model on many variants of texts: explain/scorer.h

enum class Family { kGradient, kPerturbation, kDecomposition };

template <>
struct EnumNames<Family> {
  static constexpr std::array<std::string_view, 3> kNames = {"gradient", "perturbation",
                                                             "decomposition"};
};

/// Models that a method can look into.
enum class Scope {
  kAnyModel,
  kTransformer,  ///< a stack of attention layers
  kPostNorm,     ///< one whose layers end with a norm, as BERT's
  kPreNorm,      ///< one whose layers begin with a norm, as GPT-2's, and whose head is linear
};

/// How another library computes a method (`--compat`): its defaults, by option name. What a user
/// gives explicitly wins.
struct Recipe {
  std::string_view library;  ///< captum, interpreto, alti, inseq or shap
  OptionValues options;      ///< of the request or the method, also internal ones
  std::string_view note;     ///< what the recipe gets wrong, or empty
};

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
  bool is_signed = true;         ///< false: scores tell how much, not in which direction
  bool is_sampled = false;       ///< random draws: reports standard errors, depends on the seed
  bool takes_masks = false;      ///< works on masks given with a text, see Input::masks
  std::string_view tables = {};  ///< what Explanation::layers then holds
  bool only_logits = false;      ///< explains logits, by default too; no other score
  Scope scope = Scope::kAnyModel;
  std::int64_t most_units = 0;  ///< by default refuses texts of more units; 0: takes any
  std::vector<OptionInfo> (*options)() = nullptr;
  std::vector<Recipe> (*recipes)() = nullptr;  ///< null: none
  /// Fills in the results of `tasks`; options are parsed here. Errors leave no task half filled.
  void (*run)(const OptionValues& options, std::span<Task> tasks, Scorer& scorer) = nullptr;
};

/// Every method, by name.
const std::vector<const Method*>& methods();
/// Errors: kUnknownName with the nearest name.
const Method& find_method(std::string_view name);

}  // namespace ascribo

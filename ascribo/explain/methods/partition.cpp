// SPDX-License-Identifier: MIT
// Owen values: Shapley values when words join and leave with their clause, clauses with their
// sentence. (Owen 1977; for several levels Winter 1989; for text the Partition explainer of
// Lundberg.) Computed exactly, mask by mask.
#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/perturb/mask_scores.h"
#include "ascribo/explain/perturb/merged_tree.h"
#include "ascribo/explain/perturb/unit_tree.h"

namespace ascribo {

/// Whose tree the units stand in.
enum class TreeRecipe { kPublished, kShap };

template <>
struct EnumNames<TreeRecipe> {
  static constexpr std::array<std::string_view, 2> kNames = {"published", "shap"};
};

namespace {

constexpr std::int64_t kMostChildren = 12;

struct Options {
  std::int64_t max_children = 4;
  std::int64_t max_forwards = 16'384;
  std::string replace = "mask";
  TreeRecipe recipe = TreeRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("max_children", &Options::max_children,
               "a part of the text with more parts than this has them in groups of neighbours")
          .check([](std::int64_t most) { return most >= 2 && most <= kMostChildren; },
                 "expected 2 to " + std::to_string(kMostChildren))
          .add("max_forwards", &Options::max_forwards, "refuse texts that need more masks")
          .check([](std::int64_t most) { return most >= 4; }, "expected at least 4")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

// Masks of a node, for one choice of what else is shown.
double masks_of(const UnitTree& node) {
  const auto count = static_cast<double>(node.children.size());
  double masks = std::exp2(count);
  for (const UnitTree& child : node.children) {
    if (!child.children.empty()) masks += std::exp2(count - 1) * masks_of(child);
  }
  return masks;
}

// One text's masks, and what each unit's value takes of their scores.
class OwenTerms {
 public:
  explicit OwenTerms(const UnitTree& tree, std::size_t units) : design_(units) {
    const std::vector<std::uint8_t> hidden(units, 1);
    row_of(hidden);  // row 0
    if (tree.children.empty()) {
      add_leaf(tree.units.front(), hidden, 1);
    } else {
      descend(tree, hidden, 1);
    }
  }

  const Design& design() const { return design_; }

  std::vector<double> values(const MaskScores& scores, std::size_t target) const {
    std::vector<double> values(design_.units(), 0.0);
    for (const Term& term : terms_) {
      values[term.unit] +=
          term.weight * (scores.at(term.with, target) - scores.at(term.without, target));
    }
    return values;
  }

 private:
  struct Term {
    std::size_t unit, with, without;
    double weight;
  };

  // Every set of the other children is shown or not, on top of what is shown around the node.
  void descend(const UnitTree& node, const std::vector<std::uint8_t>& around, double weight) {
    const std::size_t children = node.children.size();
    for (std::size_t own = 0; own < children; ++own) {
      for (std::size_t set = 0; set < std::size_t{1} << children; ++set) {
        if (set >> own & 1) continue;
        std::vector<std::uint8_t> hidden = around;
        for (std::size_t other = 0; other < children; ++other) {
          if (set >> other & 1) show(node.children[other], hidden);
        }
        const double share =
            weight * share_of(static_cast<std::size_t>(std::popcount(set)), children);
        const UnitTree& child = node.children[own];
        if (child.children.empty()) {
          add_leaf(child.units.front(), hidden, share);
        } else {
          descend(child, hidden, share);
        }
      }
    }
  }

  // s! (n - s - 1)! / n! = 1 / (n C(n - 1, s))
  static double share_of(std::size_t size, std::size_t count) {
    double choices = 1;
    for (std::size_t i = 0; i < size; ++i) {
      choices = choices * static_cast<double>(count - 1 - i) / static_cast<double>(i + 1);
    }
    return 1 / (static_cast<double>(count) * choices);
  }

  static void show(const UnitTree& part, std::vector<std::uint8_t>& hidden) {
    for (const std::size_t unit : part.units) hidden[unit] = 0;
  }

  void add_leaf(std::size_t unit, std::vector<std::uint8_t> hidden, double weight) {
    const std::size_t without = row_of(hidden);
    hidden[unit] = 0;
    terms_.push_back({unit, row_of(hidden), without, weight});
  }

  std::size_t row_of(const std::vector<std::uint8_t>& hidden) {
    const auto [entry, is_new] =
        rows_.try_emplace(std::string(hidden.begin(), hidden.end()), design_.rows());
    if (is_new) design_.add(hidden);
    return entry->second;
  }

  Design design_;
  std::vector<Term> terms_;
  std::unordered_map<std::string, std::size_t> rows_;
};

OwenTerms terms_of(const Task& task, const Options& options) {
  const UnitTree tree = options.recipe == TreeRecipe::kShap
                            ? merged_tree(task)
                            : unit_tree(task, static_cast<std::size_t>(options.max_children));
  const double masks = masks_of(tree);
  if (masks > static_cast<double>(options.max_forwards)) {
    fail(Code::kUnsupported, "partition",
         "the text has " + std::to_string(task.result.units.size()) + " units, which takes about " +
             std::to_string(static_cast<std::int64_t>(masks)) + " forwards",
         "expected at most " + std::to_string(options.max_forwards),
         "use a larger --unit, --max-forwards, a smaller --max-children, or kernel_shap, which "
         "samples");
  }
  return OwenTerms(tree, task.result.units.size());
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("partition", given);
  MaskScorer masks(options.replace, tasks, scorer);
  std::vector<OwenTerms> terms;
  std::vector<Design> designs;
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    begin_unit_scores(task);
    terms.push_back(terms_of(task, options));
    designs.push_back(terms.back().design());
  }
  std::vector<MaskScores> scores;
  masks.score(designs, scores);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (std::size_t k = 0; k < scores[i].targets; ++k) {
      set_unit_scores(tasks[i], k, terms[i].values(scores[i], k));
      set_completeness(tasks[i], k, scores[i].at(0, k));
    }
  }
}

std::vector<Recipe> recipes() {
  return {
      {"shap",
       {{"recipe", "shap"}, {"unit", "token"}, {"score", "probability"}},
       "compat shap: the tree is that library's, without its limit of 500 evaluations, beyond "
       "which it shares the rest out evenly; it masks strings and tokenizes them again, so that "
       "it differs where a word is in several tokens"}};
}

}  // namespace

const Method& method_partition() {
  static const Method method{
      .name = "partition",
      .family = Family::kPerturbation,
      .summary =
          "Owen values: Shapley values when words come and go with their clause and sentence.",
      .formula =
          "a_i = sum over sets S of siblings, at every level above unit i, of prod |S|! (n - |S| - "
          "1)! / n! times F(all S and i) - F(all S)",
      .paper =
          "Owen 1977: Values of Games with a Priori Unions; Winter 1989: A Value for "
          "Cooperative Games with Levels Structure of Cooperation; Lundberg: shap's Partition "
          "explainer",
      .cost = "about 2^children forwards at every level, for every part of the text",
      .completeness = true,
      .exact_on_linear = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// Gradients as the ALTI authors' study takes them, for --compat alti: of a model that is given the
// output of its embeddings where word embeddings belong, and so adds positions and normalises
// twice.
#pragma once

#include <span>
#include <string>

#include "ascribo/explain/baselines.h"
#include "ascribo/explain/methods/path.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {

inline constexpr char kTwiceEmbeddedNote[] =
    "compat alti: the embeddings' output is put in the place of word embeddings, so that positions "
    "are added and norms applied twice, and signs are lost";

/// The options of such a recipe, and more of a method's own.
OptionValues twice_embedded_recipe(OptionValues more = {});

/// Errors: kInvalidArgument for any place but the word embeddings.
void check_twice_embedded(const std::string& method, const std::string& at);

/// ||g_i||_2 for every token i, or |x_i . g_i| when `times_input`; one forward for the embeddings,
/// then one and, per target, one backward for each task.
void gradient_twice_embedded(std::span<Task> tasks, Scorer& scorer, bool times_input,
                             Aggregate aggregate);

/// |(x_i - b_i) . integral of g_i| for every token i, along the path between what the embeddings
/// make of baseline and text. What the model says of the ends is not the text's and the baseline's
/// score: there is no delta.
void path_twice_embedded(std::span<Task> tasks, Scorer& scorer, const Baseline& baseline,
                         const PathRule& rule, Aggregate aggregate);

/// Where these paths lie.
inline constexpr TapPoint kEmbeddingsOutput{Tap::kEmbeddings};

}  // namespace ascribo

// SPDX-License-Identifier: MIT
// The ALTI authors' study: which tasks and methods it has, and a text of it explained by all of
// them, as published and as the methods are meant. (Ferrando, Gallego, Costa-jussa 2022: Measuring
// the Mixing of Contextual Information in the Transformer.)
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

enum class AltiTask { kSst2, kImdb, kYelp, kRottenTomatoes, kSva };

template <>
struct EnumNames<AltiTask> {
  static constexpr std::array<std::string_view, 5> kNames = {"sst2", "imdb", "yelp",
                                                             "rotten_tomatoes", "sva"};
};

/// As the published code computes (`compat` alti), or by the methods' own definitions.
enum class AltiRecipe { kPublished, kCorrected };
inline constexpr AltiRecipe kAltiRecipes[] = {AltiRecipe::kPublished, AltiRecipe::kCorrected};

template <>
struct EnumNames<AltiRecipe> {
  static constexpr std::array<std::string_view, 2> kNames = {"published", "corrected"};
};

/// The study's methods by our names: alti, rollouts, gradients, blank-out.
const std::vector<std::string>& alti_methods();

/// The checkpoint of every model: `folder`/MODEL-TASK where there is one, else `folder`/MODEL.
/// Errors: kNotFound naming all that are missing.
std::vector<std::filesystem::path> alti_checkpoints(const std::filesystem::path& folder,
                                                    const std::vector<std::string>& models,
                                                    AltiTask task);

/// One text. Of a pair of sentences that differ in one verb's form, the verb is masked.
struct AltiRow {
  std::int64_t line = 0;
  std::string text;
  std::string good, bad;  ///< the forms; empty where labels are told apart
  std::string error;      ///< not empty: why the row cannot be read
};

/// All rows of a file, or `samples` of them drawn at random, in the order of the file. Sentences
/// with a label as `ascribo compare --layout` reads them; of sva pairs of rows correct and wrong
/// (columns sent, prefix, class, form), BLiMP's sentence_good and sentence_bad, or lines with
/// ***mask*** and both forms behind. Errors: kNotFound; kBadFile for a file without such columns.
std::vector<AltiRow> alti_rows(AltiTask task, const std::filesystem::path& file,
                               std::optional<std::int64_t> samples, std::uint64_t seed);

/// That every method can run on this model, before any text is read. Errors: kUnsupported for a
/// model outside a method's scope, or without a mask where a verb is masked; kInvalidArgument for a
/// model that fills in no masks.
void check_alti(const Subject& subject, AltiTask task);

/// Explains by every method, in their order; units are tokens, the mask has no score, and tables of
/// layers are left out. The target is what the model predicts; of a masked verb the probability of
/// the good form (published), or how far its logit is above the bad form's. Errors: those of
/// Subject::explain; kTooLong for a text of more than `most_tokens`; kBadFile for a row that could
/// not be read.
std::vector<Explanation> explain_alti(const Subject& subject, const AltiRow& row, AltiRecipe recipe,
                                      std::int64_t most_tokens);

}  // namespace ascribo

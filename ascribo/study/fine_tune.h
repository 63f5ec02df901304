// SPDX-License-Identifier: MIT
// From a checkpoint and a file of labelled texts to a checkpoint that knows them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ascribo/io/dataset.h"
#include "ascribo/study/trainer.h"

namespace ascribo {

/// What is to be done. `output` becomes a folder in the Hugging Face layout with training_log.jsonl
/// and training.svg beside the model; until it is whole, everything is in `output`.unfinished.
struct FineTuning {
  std::filesystem::path model;
  std::filesystem::path train, dev = {};  ///< tsv, csv or jsonl; without dev the last step counts
  std::filesystem::path output;
  Columns columns = {};
  Objective objective = Objective::kLabel;
  std::vector<std::string> labels = {};  ///< in the order of outputs; empty: as the rows have them
  std::int64_t longest = 0;              ///< tokens; longer texts are cut; 0: the model's most
  bool overwrite = false;                ///< an output that is there is replaced
  bool resume = false;                   ///< goes on with what `output`.unfinished holds
  TrainingOptions options = {};
};

/// What happens meanwhile. Anything may be left empty.
struct FineTuningEvents {
  std::function<void(const std::string& note)> note = {};
  /// After every step; returning false saves everything and stops.
  std::function<bool(const StepReport& report, std::int64_t steps)> step = {};
  std::function<void(std::int64_t step, const ModelScores& evaluation, bool best)> evaluated = {};
  /// Before the first step and after every evaluation, where anybody listens: a folder with the
  /// model as it is now, until the next; and one whose files end up beside the finished model.
  std::function<void(const std::filesystem::path& model, const std::filesystem::path& kept,
                     std::int64_t step)>
      checkpoint = {};
};

struct FineTuned {
  bool finished = false;         ///< false: stopped, to be resumed
  std::filesystem::path folder;  ///< where the model, or what is unfinished, is
  std::int64_t step = 0, best_step = 0;
  double best = 0;
  std::string metric;  ///< what `best` is
};

/// Errors: those of TrainableModel::open, Dataset and Tokenizer; kInvalidArgument for an output
/// that is there already and for options that cannot be used; kNotFound for nothing to resume; and,
/// naming the step and where the best model is, for a loss that is no number and for a full disk.
FineTuned fine_tune(const FineTuning& request, const FineTuningEvents& events = {});

}  // namespace ascribo

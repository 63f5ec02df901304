// SPDX-License-Identifier: MIT
// Everything that training goes on from, in one file.
#pragma once

#include <filesystem>
#include <string>

#include "ascribo/study/trainer.h"

namespace ascribo {

/// Beside weights and optimizer.
struct TrainingState {
  std::string request;  ///< what is being done; resumed only by the same
  std::int64_t step = 0;
  double best = 0;             ///< the best evaluation's score
  std::int64_t best_step = 0;  ///< 0: none yet
  std::int64_t worse = 0;      ///< evaluations since then
  std::string log;             ///< all lines so far
};

/// The file appears whole or not at all. Errors: those of OutputFile.
void save_state(const std::filesystem::path& file, const TrainingState& state,
                const TrainableModel& model, Trainer& trainer);

/// Puts weights and optimizer back. Errors: kNotFound; kBadFile, kBadCheckpoint for a file that is
/// not of this model; kInvalidArgument when it was saved by another request.
TrainingState load_state(const std::filesystem::path& file, const std::string& request,
                         TrainableModel& model, Trainer& trainer);

}  // namespace ascribo

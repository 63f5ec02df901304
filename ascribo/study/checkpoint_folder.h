// SPDX-License-Identifier: MIT
// The folder that training leaves, and the one beside it where it grows.
#pragma once

#include <filesystem>
#include <string>

#include "ascribo/models/training/trainable_model.h"

namespace ascribo {

/// OUT.unfinished holds state.safetensors, current/ and best/, which becomes OUT by being renamed.
class CheckpointFolder {
 public:
  /// Errors: kInvalidArgument when OUT is there and is not to be overwritten, or when something
  /// unfinished is there that is neither resumed nor overwritten; kNotFound for nothing to resume.
  static void check(const std::filesystem::path& output, bool overwrite, bool resume);
  CheckpointFolder(std::filesystem::path output, bool overwrite, bool resume);

  std::filesystem::path unfinished() const;
  std::filesystem::path state() const { return unfinished() / "state.safetensors"; }
  std::filesystem::path best() const { return unfinished() / "best"; }

  std::filesystem::path current() const { return unfinished() / "current"; }

  /// Makes the folders and puts into them what is known beforehand: config.json and the tokenizer
  /// files of `source`. Errors: kIo.
  void begin(const TrainableModel& model, const std::filesystem::path& source) const;
  void save_best(const TrainableModel& model) const;
  /// Into current/, which is returned.
  std::filesystem::path save_current(const TrainableModel& model) const;
  /// Adds the log and its picture, puts best/ in the place of OUT and removes the rest.
  void finish(const std::string& log) const;

 private:
  std::filesystem::path output_;
};

}  // namespace ascribo

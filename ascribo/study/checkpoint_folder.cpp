// SPDX-License-Identifier: MIT
// Makes, fills and renames folders.
#include "ascribo/study/checkpoint_folder.h"

#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/io/output_file.h"
#include "ascribo/io/safetensors.h"
#include "ascribo/study/curves.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

/// What belongs to a tokenizer, and to generation.
constexpr std::array<std::string_view, 12> kCopied = {"tokenizer.json",
                                                      "tokenizer_config.json",
                                                      "special_tokens_map.json",
                                                      "added_tokens.json",
                                                      "vocab.txt",
                                                      "vocab.json",
                                                      "merges.txt",
                                                      "spiece.model",
                                                      "spm.model",
                                                      "sentencepiece.bpe.model",
                                                      "tokenizer.model",
                                                      "generation_config.json"};

fs::path unfinished_of(const fs::path& output) {
  fs::path path = output;
  if (!path.has_filename()) path = path.parent_path();  // a slash at the end
  return path += ".unfinished";
}

void checked(const std::error_code& error, const fs::path& path) {
  if (error) {
    fail(Code::kIo, path.string(), error.message(), "expected a folder that can be written to");
  }
}

void save(const TrainableModel& model, const fs::path& folder) {
  NamedTensors tensors;
  for (const Parameter& each : model.parameters()) tensors.push_back({each.name, each.value});
  write_safetensors(folder / "model.safetensors", tensors, {{"format", "pt"}});
}

void write_file(const fs::path& path, const std::string& text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace

void CheckpointFolder::check(const fs::path& output, bool overwrite, bool resume) {
  if (output.empty()) {
    fail(Code::kInvalidArgument, "train", "no output folder is given", "expected --output DIR");
  }
  std::error_code ignored;
  const fs::path unfinished = unfinished_of(output);
  // What ended before anything was learned is no loss.
  const bool begun = fs::exists(unfinished / "state.safetensors", ignored) ||
                     fs::exists(unfinished / "best" / "model.safetensors", ignored);
  if (resume && !begun) {
    fail(Code::kNotFound, "resume", "there is no " + unfinished.string(),
         "expected what an unfinished training left");
  }
  if (fs::exists(output, ignored) && !overwrite) {
    fail(Code::kInvalidArgument, "train", output.string() + " is there already",
         "expected a folder that is not", "--overwrite replaces it");
  }
  if (begun && !resume && !overwrite) {
    fail(Code::kInvalidArgument, "train", unfinished.string() + " is there already",
         "expected no unfinished training", "--resume goes on with it, --overwrite begins anew");
  }
}

CheckpointFolder::CheckpointFolder(fs::path output, bool overwrite, bool resume)
    : output_(std::move(output)) {
  check(output_, overwrite, resume);
  std::error_code error;
  if (!resume) fs::remove_all(unfinished(), error);
  checked(error, unfinished());
}

fs::path CheckpointFolder::unfinished() const { return unfinished_of(output_); }

void CheckpointFolder::begin(const TrainableModel& model, const fs::path& source) const {
  std::error_code error;
  for (const fs::path& folder : {best(), current()}) {
    fs::create_directories(folder, error);
    checked(error, folder);
    write_file(folder / "config.json", model.config());
    for (const std::string_view name : kCopied) {
      const fs::path from = source / name;
      if (!fs::exists(from, error)) continue;
      fs::copy_file(from, folder / name, fs::copy_options::overwrite_existing, error);
      checked(error, folder / name);
    }
  }
}

void CheckpointFolder::save_best(const TrainableModel& model) const { save(model, best()); }

fs::path CheckpointFolder::save_current(const TrainableModel& model) const {
  save(model, current());
  return current();
}

void CheckpointFolder::finish(const std::string& log) const {
  write_file(best() / "training_log.jsonl", log);
  write_file(best() / "training.svg", training_curves(log));
  fs::path old = unfinished() / "old";
  std::error_code error;
  if (fs::exists(output_, error)) fs::rename(output_, old, error);
  checked(error, output_);
  fs::rename(best(), output_, error);
  checked(error, output_);
  fs::remove_all(unfinished(), error);
  checked(error, unfinished());
}

}  // namespace ascribo

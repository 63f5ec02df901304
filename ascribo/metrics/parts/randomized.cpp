// SPDX-License-Identifier: MIT
// Opens a checkpoint over drawn weights.
#include "ascribo/metrics/parts/randomized.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/rng.h"
#include "ascribo/io/weight_files.h"
#include "ascribo/models/architecture.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

// FNV-1a, so that a weight's draws do not depend on its place in the files.
std::uint64_t name_key(std::string_view name) {
  std::uint64_t key = 14695981039346656037U;
  for (const char c : name) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return key;
}

std::vector<float> draw_alike(std::vector<float> values, std::uint64_t seed,
                              std::string_view name) {
  double sum = 0, squares = 0;
  for (const float value : values) sum += static_cast<double>(value);
  const double mean = sum / static_cast<double>(values.size());
  for (const float value : values) {
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(values.size()));
  Rng random(seed, {name_key(name)});
  for (float& value : values) value = static_cast<float>(mean + deviation * random.normal());
  return values;
}

bool is_matrix(const StoredTensor& tensor) {
  const std::string_view type = tensor.dtype;
  return tensor.shape.size() >= 2 &&
         (type == "F32" || type == "F64" || type == "F16" || type == "BF16");
}

// The same tensors: matrices drawn, everything else as it is.
std::shared_ptr<const WeightFiles> randomize(const std::shared_ptr<const WeightFiles>& files,
                                             std::uint64_t seed) {
  struct Storage {
    std::shared_ptr<const WeightFiles> files;
    std::vector<std::vector<float>> drawn;
  };
  auto storage = std::make_shared<Storage>(Storage{files, {}});
  storage->drawn.reserve(files->tensors().size());
  WeightFileContents contents;
  contents.file = files->files().front();
  contents.file.mapping = storage;
  for (StoredTensor tensor : files->tensors()) {
    tensor.file = 0;
    if (is_matrix(tensor)) {
      storage->drawn.push_back(
          draw_alike(files->load(tensor.name).to_vector<float>(), seed, tensor.name));
      tensor.dtype = "F32";
      tensor.bytes = std::as_bytes(std::span(storage->drawn.back()));
      tensor.strides = {};
    }
    contents.tensors.push_back(std::move(tensor));
  }
  return std::make_shared<const WeightFiles>(std::vector<WeightFileContents>{std::move(contents)});
}

}  // namespace

std::unique_ptr<Model> open_randomized(const Model& model, std::uint64_t seed) {
  const fs::path& folder = model.info().path;
  std::error_code ignored;
  if (!fs::exists(folder / "config.json", ignored)) {
    fail(Code::kUnsupported, "model", "it was not opened from a folder with config.json",
         "expected a checkpoint whose weights can be drawn anew");
  }
  const auto file = MappedFile::open(folder / "config.json");
  const Json config = Json::parse(file->text(), file->path().string());
  const auto files = randomize(WeightFiles::open(folder), seed);
  const auto [architecture, head] = find_architecture(config, *files);
  Checkpoint checkpoint{config, Weights(files, architecture->prefix, model.compute()), ModelInfo()};
  checkpoint.info.path = folder;
  checkpoint.info.architecture = head->name;
  checkpoint.info.head = head->kind;
  checkpoint.info.model_type = config.string_or("model_type", architecture->model_types.front());
  return architecture->build(std::move(checkpoint));
}

}  // namespace ascribo

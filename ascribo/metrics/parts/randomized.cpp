// SPDX-License-Identifier: MIT
// Sorts weights by how deep they lie, draws them, and opens a checkpoint over them.
#include "ascribo/metrics/parts/randomized.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/rng.h"
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

// "bert.encoder.layer.3.output.dense.weight" lies in layer 3.
std::optional<std::size_t> layer_of(std::string_view name) {
  std::string_view before;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('.'));
    const auto number = parse_integer(part);
    const bool counted =
        before == "layer" || before == "layers" || before == "h" || before == "albert_layer_groups";
    if (counted && number && *number >= 0) return static_cast<std::size_t>(*number);
    before = part;
    name.remove_prefix(std::min(name.size(), part.size() + 1));
  }
  return std::nullopt;
}

// Tables that texts are looked up in, and what leads from them to the first layer.
bool is_below(std::string_view name) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  if (has("embed_out")) return false;
  return has("emb") || has("wte") || has("wpe") || has("relative_attention_bias");
}

// 0 is the top.
std::size_t depth_of(std::string_view name, std::size_t layers) {
  if (const auto layer = layer_of(name)) return layers - *layer;
  return is_below(name) ? layers + 1 : 0;
}

std::size_t count_layers(const WeightFiles& files) {
  std::size_t layers = 0;
  for (const StoredTensor& tensor : files.tensors()) {
    if (const auto layer = layer_of(tensor.name)) layers = std::max(layers, *layer + 1);
  }
  return layers;
}

// What borrowed bytes need to live.
struct Storage {
  std::shared_ptr<const WeightFiles> files;
  std::vector<std::shared_ptr<const std::vector<float>>> drawn;
};

}  // namespace

Randomized::Randomized(const Model& model, std::uint64_t seed)
    : info_(model.info()), compute_(model.compute()), seed_(seed) {
  std::error_code ignored;
  if (!fs::exists(info_.path / "config.json", ignored)) {
    fail(Code::kUnsupported, "model", "it was not opened from a folder with config.json",
         "expected a checkpoint whose weights can be drawn anew");
  }
  files_ = WeightFiles::open(info_.path);
  const std::size_t layers = count_layers(*files_);
  std::set<std::size_t> depths;
  for (const StoredTensor& tensor : files_->tensors()) {
    if (is_matrix(tensor)) depths.insert(depth_of(tensor.name, layers));
  }
  depths_.assign(depths.begin(), depths.end());
}

std::shared_ptr<const WeightFiles> Randomized::weights(std::size_t groups) {
  const std::size_t layers = count_layers(*files_);
  auto storage = std::make_shared<Storage>(Storage{files_, {}});
  WeightFileContents contents;
  contents.file = files_->files().front();
  contents.file.mapping = storage;
  for (StoredTensor tensor : files_->tensors()) {
    tensor.file = 0;
    const bool forgotten =
        is_matrix(tensor) && groups > 0 && depth_of(tensor.name, layers) <= depths_[groups - 1];
    if (forgotten) {
      auto& drawn = drawn_[tensor.name];
      if (!drawn) {
        drawn = std::make_shared<const std::vector<float>>(
            draw_alike(files_->load(tensor.name).to_vector<float>(), seed_, tensor.name));
      }
      storage->drawn.push_back(drawn);
      tensor.dtype = "F32";
      tensor.bytes = std::as_bytes(std::span(*drawn));
      tensor.strides = {};
    }
    contents.tensors.push_back(std::move(tensor));
  }
  return std::make_shared<const WeightFiles>(std::vector<WeightFileContents>{std::move(contents)});
}

std::shared_ptr<const Model> Randomized::build(std::shared_ptr<const WeightFiles> files) const {
  const auto file = MappedFile::open(info_.path / "config.json");
  const Json config = Json::parse(file->text(), file->path().string());
  const auto [architecture, head] = find_architecture(config, *files);
  Checkpoint checkpoint{config, Weights(std::move(files), architecture->prefix, compute_),
                        ModelInfo()};
  checkpoint.info.path = info_.path;
  checkpoint.info.architecture = head->name;
  checkpoint.info.head = head->kind;
  checkpoint.info.model_type = config.string_or("model_type", architecture->model_types.front());
  return architecture->build(std::move(checkpoint));
}

std::shared_ptr<const Model> Randomized::open(std::size_t groups) {
  if (groups < depths_.size()) return build(weights(groups));
  if (!all_) all_ = build(weights(groups));
  return all_;
}

}  // namespace ascribo

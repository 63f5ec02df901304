// SPDX-License-Identifier: MIT
// Describes tensors in memory as a file of weights describes its own, and builds the model of them.
#include "ascribo/explain/inputs/memory_subject.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/io/config.h"
#include "ascribo/io/weight_files.h"
#include "ascribo/models/architecture.h"
#include "ascribo/models/checkpoint_hash.h"

namespace ascribo {
namespace {

constexpr const char* kWeights = "weights";

/// The tensors, and a header that tells such sets apart by names, types and shapes.
struct Held {
  NamedTensors tensors;
  std::string header;
};

std::shared_ptr<const WeightFiles> files_of(NamedTensors tensors) {
  if (tensors.empty()) {
    fail(Code::kBadCheckpoint, kWeights, "there are none", "expected the model's");
  }
  auto held = std::make_shared<Held>(Held{std::move(tensors), {}});
  WeightFileContents contents;
  for (const NamedTensor& each : held->tensors) {
    const Tensor& tensor = each.tensor;
    const std::string dtype(dtype_name(tensor.dtype()));
    held->header += each.name + " " + dtype + " " + to_string(tensor.shape()) + "\n";
    contents.tensors.push_back({each.name,
                                dtype,
                                tensor.shape(),
                                {static_cast<const std::byte*>(tensor.raw()), tensor.bytes()}});
  }
  contents.file = {kWeights, held->header, {}, held};
  std::vector<WeightFileContents> files;
  files.push_back(std::move(contents));
  return std::make_shared<const WeightFiles>(std::move(files));
}

}  // namespace

Subject open_in_memory(const std::filesystem::path& folder, const NamedTensors& weights,
                       const SubjectOptions& options) {
  const Json config = read_config(folder, "config.json");
  const auto files = files_of(weights);
  const auto [architecture, head] = find_architecture(config, *files);
  Checkpoint checkpoint{config, Weights(files, architecture->prefix, options.compute), ModelInfo()};
  checkpoint.info.path = folder;
  checkpoint.info.architecture = head->name;
  checkpoint.info.head = head->kind;
  checkpoint.info.model_type = config.string_or("model_type", architecture->model_types.front());
  checkpoint.info.hash = quick_hash(config.dump(), *files);
  std::unique_ptr<Tokenizer> tokenizer;
  try {
    tokenizer = Tokenizer::open(options.tokenizer.empty() ? folder : options.tokenizer);
  } catch (const Error& error) {
    if (error.code() != Code::kNotFound || !options.tokenizer.empty()) throw;
  }
  SubjectOptions own = options;
  if (own.tokenizer.empty()) own.tokenizer = folder;
  return Subject::from(architecture->build(std::move(checkpoint)), std::move(tokenizer), own);
}

}  // namespace ascribo

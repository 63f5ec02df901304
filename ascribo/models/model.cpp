// SPDX-License-Identifier: MIT
// Opens checkpoint folders and tells what can be looked at in any model.
#include "ascribo/models/model.h"

#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/sha256.h"
#include "ascribo/io/torch_file.h"
#include "ascribo/io/weight_files.h"
#include "ascribo/models/architecture.h"
#include "ascribo/models/checkpoint_hash.h"
#include "ascribo/models/flair.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr const char* kExpected = "expected a folder with config.json and weights";

}  // namespace

void check_model_folder(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    fail(Code::kNotFound, "model", "there is no folder " + folder.string(), kExpected);
  }
  if (!fs::exists(folder / kConfig, ignored)) {
    fail(Code::kBadCheckpoint, "model",
         folder.string() + " is not a checkpoint: it has no " + kConfig, kExpected);
  }
}

std::unique_ptr<Model> Model::open(const fs::path& folder, Dtype compute) {
  if (TorchFile::begins(folder)) return open_flair(folder, compute);
  check_model_folder(folder);
  const auto file = MappedFile::open(folder / kConfig);
  const Json config = Json::parse(file->text(), file->path().string());
  const auto files = WeightFiles::open(folder);
  const auto [architecture, head] = find_architecture(config, *files);
  Checkpoint checkpoint{config, Weights(files, architecture->prefix, compute), ModelInfo()};
  checkpoint.info.path = folder;
  checkpoint.info.architecture = head->name;
  checkpoint.info.head = head->kind;
  checkpoint.info.model_type = config.string_or("model_type", architecture->model_types.front());
  checkpoint.info.hash = quick_hash(file->text(), *files);
  return architecture->build(std::move(checkpoint));
}

Variable Model::forward_keeping(const Batch&, Run&,
                                std::vector<std::shared_ptr<const Past>>&) const {
  fail(Code::kUnsupported, "model", info().architecture + " keeps nothing for tokens that follow",
       "expected a causal model");
}

std::vector<std::pair<TapPoint, Shape>> Model::taps(std::int64_t length) const {
  const ModelInfo& about = info();
  const Shape hidden{length, about.hidden}, keys{length, about.key_width};
  std::vector<std::pair<TapPoint, Shape>> points{
      {{Tap::kWordEmbeddings}, {length, about.embedding}},
      {{Tap::kEmbeddings}, {length, about.embeddings}}};
  for (int n = 0; n < static_cast<int>(about.layers); ++n) {
    points.push_back({{Tap::kHidden, n}, hidden});
    points.push_back({{Tap::kAttnQuery, n}, {length, about.query_width}});
    for (const Tap tap : {Tap::kAttnKey, Tap::kAttnValue}) points.push_back({{tap, n}, keys});
    points.push_back({{Tap::kAttnProbs, n}, {about.heads, length, length}});
    for (const Tap tap : {Tap::kAttnOut, Tap::kFfnOut}) points.push_back({{tap, n}, hidden});
  }
  points.push_back({{Tap::kHidden, static_cast<int>(about.layers)}, hidden});
  points.push_back({{Tap::kLogits}, {answers_tokens(about.head) ? length : 1, about.outputs}});
  return points;
}

std::string Model::full_hash() const {
  Sha256 hash;
  const fs::path config = info().path / kConfig;
  std::error_code ignored;
  if (fs::exists(config, ignored)) hash.update(MappedFile::open(config)->text());
  const auto weights = WeightFiles::open(info().path);
  for (const WeightFile& file : weights->files()) hash.update(file.bytes);
  return hash.hex();
}

}  // namespace ascribo

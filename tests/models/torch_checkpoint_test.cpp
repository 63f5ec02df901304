// SPDX-License-Identifier: MIT
// Checkpoints in PyTorch's own files answer like those in safetensors.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"
#include "tests/torch_bytes.h"

namespace ascribo::test {
namespace {

namespace fs = std::filesystem;

std::vector<float> logits(const fs::path& folder, const Golden& golden) {
  return logits_of(*Model::open(folder), batch_of(all_sequences(golden))).to_vector<float>();
}

Shape row_major_strides(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// Both layouts of torch.save, of these tensors.
std::vector<std::string> torch_files(const StoredTensors& tensors) {
  std::vector<std::pair<std::string, std::string>> members;
  Storages storages;
  for (const auto& [name, tensor] : tensors) {
    const std::string key = std::to_string(storages.size());
    members.emplace_back(
        name, TensorRecord{.key = key,
                           .elements = numel(tensor.shape),
                           .shape = tensor.shape,
                           .strides = row_major_strides(tensor.shape),
                           .storage =
                               tensor.dtype == "I64" ? "torch\nLongStorage" : "torch\nFloatStorage"}
                  .pickle());
    storages.emplace_back(key, tensor.bytes);
  }
  return {torch_archive(pickled_dict(members), storages),
          torch_sequence(pickled_dict(members), storages)};
}

class TorchCheckpoint : public testing::TestWithParam<std::string> {
 protected:
  /// The rewritten checkpoint, as pytorch_model.bin, answers what the golden one answers.
  void expect_same() const {
    const fs::path& folder = checkpoint.folder->path();
    write_text(folder / "config.json", checkpoint.config);
    const auto expected = logits(golden.folder, golden);
    for (const std::string& file : torch_files(checkpoint.tensors)) {
      write_text(folder / "pytorch_model.bin", file);
      EXPECT_EQ(logits(folder, golden), expected);
    }
  }

  const Golden golden{GetParam()};
  Rewritten checkpoint{GetParam()};
};

TEST_P(TorchCheckpoint, AnswersLikeTheSafetensors) { expect_same(); }

// Behind DataParallel, with the names of norms and the buffers of old, in a config with little in
// it.
TEST_P(TorchCheckpoint, AnswersLikeTheSafetensorsInOldStyle) {
  checkpoint.rename([](const std::string& name) {
    return "module." +
           std::regex_replace(
               std::regex_replace(name, std::regex("LayerNorm\\.weight$"), "LayerNorm.gamma"),
               std::regex("LayerNorm\\.bias$"), "LayerNorm.beta");
  });
  // Labels of tokens and of texts have weights of the same names: only the config tells them apart.
  if (std::regex_search(GetParam(), std::regex("-(cls|mlm|qa|lm)$"))) {
    checkpoint.drop_from_config("architectures");
  }
  checkpoint.drop_from_config("dtype");
  checkpoint.add_to_config("\"torch_dtype\": \"float32\", \"output_past\": true");
  expect_same();
}

/// Every golden checkpoint that is a folder of config and weights.
std::vector<std::string> checkpoints() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden_folder())) {
    const std::string name = entry.path().filename().string();
    if (fs::exists(entry.path() / "model.safetensors")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, TorchCheckpoint, testing::ValuesIn(checkpoints()),
                         [](const auto& info) { return test_name(info.param); });

TEST(TorchFiles, AsPyTorchWroteThem) {
  const Golden golden("bert-relu-pair");
  const TempFolder folder;
  fs::copy_file(golden.folder / "config.json", folder.path() / "config.json");
  fs::copy_file(golden_folder() / "torch/bert-relu-pair.bin", folder.path() / "pytorch_model.bin");
  EXPECT_EQ(logits(folder.path(), golden), logits(golden.folder, golden));
  const auto model = Model::open(folder.path());
  EXPECT_TRUE(model->info().unused.empty());
  EXPECT_EQ(model->info().hash.size(), 64U);
  EXPECT_NE(model->info().hash, Model::open(golden.folder)->info().hash);
  EXPECT_EQ(model->full_hash().size(), 64U);
}

}  // namespace
}  // namespace ascribo::test

// SPDX-License-Identifier: MIT
// Checkpoints in PyTorch's own files answer like those in safetensors.
#include <gtest/gtest.h>

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

class TorchCheckpoint : public testing::TestWithParam<const char*> {};

TEST_P(TorchCheckpoint, AnswersLikeTheSafetensors) {
  const Golden golden(GetParam());
  const Rewritten checkpoint(GetParam());
  std::vector<std::pair<std::string, std::string>> members;
  Storages storages;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    const std::string key = std::to_string(storages.size());
    members.emplace_back(name, TensorRecord{.key = key,
                                            .elements = numel(tensor.shape),
                                            .shape = tensor.shape,
                                            .strides = row_major_strides(tensor.shape)}
                                   .pickle());
    storages.emplace_back(key, tensor.bytes);
  }
  const fs::path& folder = checkpoint.folder->path();
  write_text(folder / "config.json", checkpoint.config);
  const auto expected = logits(golden.folder, golden);
  write_text(folder / "pytorch_model.bin", torch_archive(pickled_dict(members), storages));
  EXPECT_EQ(logits(folder, golden), expected);
  write_text(folder / "pytorch_model.bin", torch_sequence(pickled_dict(members), storages));
  EXPECT_EQ(logits(folder, golden), expected);
}

std::vector<const char*> families() { return {"bert-cls", "distilbert-cls", "electra-cls"}; }

INSTANTIATE_TEST_SUITE_P(Families, TorchCheckpoint, testing::ValuesIn(families()),
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

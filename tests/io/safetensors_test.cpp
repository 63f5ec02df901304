// SPDX-License-Identifier: MIT
// Well-formed safetensors: values, order, types, alignment, shards.
#include <gmock/gmock.h>

#include "ascribo/io/weight_files.h"
#include "safetensors_bytes.h"
#include "temp_folder.h"
#include "tests/folders.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

class SafetensorsTest : public TempFolder {};

TEST_F(SafetensorsTest, ReadsWhatTheReferenceImplementationWrote) {
  const auto files = WeightFiles::open(test::test_folder() / "golden/bert-cls");
  EXPECT_EQ(files->tensors().size(), 57U);
  std::int64_t elements = 0;
  for (const StoredTensor& tensor : files->tensors()) {
    EXPECT_EQ(tensor.dtype, "F32");
    elements += numel(tensor.shape);
  }
  EXPECT_EQ(elements, 55075);
  // Values as the Python safetensors package reads them.
  const Tensor weight = files->load("classifier.weight");
  EXPECT_EQ(weight.shape(), (Shape{3, 32}));
  EXPECT_EQ(weight.data<float>()[0], 0.008543304167687893F);
  EXPECT_EQ(weight.data<float>()[2], -0.20395460724830627F);
  EXPECT_EQ(weight.data<float>()[95], 0.051482051610946655F);
  const Tensor table = files->load("bert.embeddings.position_embeddings.weight");
  EXPECT_EQ(table.shape(), (Shape{80, 32}));
  EXPECT_EQ(table.data<float>()[1], -0.5084255933761597F);
}

TEST_F(SafetensorsTest, EveryFloatTypeLoads) {
  const fs::path path = write(
      "types.safetensors",
      safetensors_bytes(R"({"f32": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]},)"
                        R"( "f64": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},)"
                        R"( "f16": {"dtype": "F16", "shape": [1, 2], "data_offsets": [16, 20]},)"
                        R"( "bf16": {"dtype": "BF16", "shape": [], "data_offsets": [20, 22]}})",
                        raw(2.5) + raw(1.0F) + raw(-2.0F) + raw<std::uint16_t>(0x3C00) +
                            raw<std::uint16_t>(0xC100) + raw<std::uint16_t>(0x3EAA)));
  const auto files = WeightFiles::open(path);
  EXPECT_EQ(files->load("f64").data<double>()[0], 2.5);
  EXPECT_THAT(files->load("f32").to_vector<float>(), ElementsAre(1.0F, -2.0F));
  EXPECT_EQ(files->load("f16").dtype(), Dtype::kF16);
  EXPECT_THAT(files->load("f16").to(Dtype::kF32).to_vector<float>(), ElementsAre(1.0F, -2.5F));
  EXPECT_EQ(files->load("bf16").dtype(), Dtype::kBF16);
  EXPECT_EQ(files->load("bf16").shape(), Shape{});
  EXPECT_THAT(files->load("bf16").to(Dtype::kF32).to_vector<float>(), ElementsAre(0.33203125F));
}

TEST_F(SafetensorsTest, TensorsComeInTheOrderOfTheirData) {
  const auto files = WeightFiles::open(write(
      "order.safetensors",
      safetensors_bytes(R"({"a": {"dtype": "U8", "shape": [2], "data_offsets": [3, 5]},)"
                        R"( "__metadata__": {"format": "pt"},)"
                        R"( "b": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]},)"
                        R"( "none": {"dtype": "U8", "shape": [0, 7], "data_offsets": [5, 5]}})",
                        "12345")));
  std::vector<std::string> names;
  for (const StoredTensor& tensor : files->tensors()) names.push_back(tensor.name);
  EXPECT_THAT(names, ElementsAre("b", "a", "none"));
  EXPECT_EQ(files->find("none")->shape, (Shape{0, 7}));
  EXPECT_EQ(files->find("__metadata__"), nullptr);
  EXPECT_EQ(files->find("zz"), nullptr);
}

TEST_F(SafetensorsTest, HolesAndBytesBehindTheLastAreFine) {
  const auto files = WeightFiles::open(
      write("holes.safetensors",
            safetensors_bytes(R"({"a": {"dtype": "U8", "shape": [1], "data_offsets": [2, 3]}})",
                              "12345")));
  EXPECT_EQ(static_cast<char>(files->find("a")->bytes[0]), '3');
}

TEST_F(SafetensorsTest, OtherTypesAreListedButNotLoaded) {
  const auto files = WeightFiles::open(write(
      "ids.safetensors",
      safetensors_bytes(R"({"ids": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},)"
                        R"( "new": {"dtype": "Q3_XYZ", "shape": [100], "data_offsets": [8, 9]}})",
                        raw<std::int64_t>(7) + "x")));
  EXPECT_EQ(files->find("ids")->dtype, "I64");
  EXPECT_EQ(files->find("new")->shape, Shape{100});
  EXPECT_EQ(message(Code::kUnsupported, [&] { files->load("ids"); }),
            "[ids.safetensors] tensor \"ids\" is I64; expected F32, F64, F16 or BF16.");
  EXPECT_EQ(message(Code::kBadCheckpoint, [&] { files->load("q"); }),
            "[ids.safetensors] there is no tensor \"q\"; expected that weight.");
}

TEST_F(SafetensorsTest, UnalignedTensorsAreCopied) {
  std::string header = R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [1, 9]}})";
  while (header.size() % 8 != 0) header += ' ';
  const auto files = WeightFiles::open(
      write("odd.safetensors", safetensors_bytes(header, "x" + raw(1.5F) + raw(-3.0F))));
  EXPECT_THAT(files->load("a").to_vector<float>(), ElementsAre(1.5F, -3.0F));
}

TEST_F(SafetensorsTest, TensorsOutliveTheFileSet) {
  const fs::path path = write(
      "one.safetensors",
      safetensors_bytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} )", raw(4.0F)));
  auto files = WeightFiles::open(path);
  const Tensor tensor = files->load("a");
  files.reset();
  EXPECT_EQ(tensor.data<float>()[0], 4.0F);
}

TEST_F(SafetensorsTest, FilesGiveHeaderAndBytes) {
  const std::string header = R"({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}})";
  const fs::path path = write("one.safetensors", safetensors_bytes(header, "z"));
  const auto files = WeightFiles::open(path);
  ASSERT_EQ(files->files().size(), 1U);
  EXPECT_EQ(files->files()[0].path, path);
  EXPECT_EQ(files->files()[0].header, header);
  EXPECT_EQ(files->files()[0].bytes.size(), fs::file_size(path));
}

TEST_F(SafetensorsTest, ShardsMakeOneSet) {
  write("model-00002-of-00002.safetensors",
        safetensors_bytes(R"({"y": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},)"
                          R"( "extra": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}})",
                          "22"));
  write("model-00001-of-00002.safetensors",
        safetensors_bytes(R"({"x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}})", "1"));
  write("model.safetensors.index.json",
        R"({"metadata": {"total_size": 3}, "weight_map": {"y": "model-00002-of-00002.safetensors",)"
        R"( "x": "model-00001-of-00002.safetensors"}})");
  const auto files = WeightFiles::open(folder_);
  ASSERT_EQ(files->files().size(), 2U);
  std::vector<std::string> names;
  for (const StoredTensor& tensor : files->tensors()) names.push_back(tensor.name);
  EXPECT_THAT(names, ElementsAre("x", "y", "extra"));
  EXPECT_EQ(files->find("y")->file, 1U);
}

}  // namespace
}  // namespace ascribo

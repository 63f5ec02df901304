// SPDX-License-Identifier: MIT
// Files of torch.save: what PyTorch wrote, and layouts that it may write.
#include "ascribo/io/torch_file.h"

#include <gmock/gmock.h>

#include <cstring>

#include "temp_folder.h"
#include "tests/folders.h"
#include "tests/torch_bytes.h"

namespace ascribo {
namespace {

using test::TensorRecord;
using testing::ElementsAre;

namespace fs = std::filesystem;

const fs::path kGolden = test::test_folder() / "golden/torch";

std::string floats(const std::vector<float>& values) {
  std::string bytes(values.size() * 4, '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string pickle_of(const TensorRecord& record) {
  return test::pickled_dict({{"w", record.pickle()}});
}

class TorchFileTest : public TempFolder {
 protected:
  std::vector<float> values(const std::string& bytes) const {
    return WeightFiles::open(write("m.bin", bytes))->load("w").to_vector<float>();
  }
};

class TorchCorners : public testing::TestWithParam<const char*> {};

TEST_P(TorchCorners, HoldWhatTheSafetensorsHold) {
  const auto found = WeightFiles::open(kGolden / GetParam());
  const auto expected = WeightFiles::open(kGolden / "corners.safetensors");
  ASSERT_EQ(found->tensors().size(), expected->tensors().size());
  for (const StoredTensor& each : expected->tensors()) {
    const StoredTensor* stored = found->find(each.name);
    ASSERT_NE(stored, nullptr) << each.name;
    EXPECT_EQ(stored->dtype, each.dtype) << each.name;
    EXPECT_EQ(stored->shape, each.shape) << each.name;
    if (each.dtype[0] != 'F' && each.dtype[0] != 'B') {
      ASSERT_EQ(stored->bytes.size(), each.bytes.size());
      EXPECT_EQ(std::memcmp(stored->bytes.data(), each.bytes.data(), each.bytes.size()), 0);
    } else if (each.dtype != "BOOL") {
      EXPECT_EQ(found->load(each.name).to(Dtype::kF64).to_vector<double>(),
                expected->load(each.name).to(Dtype::kF64).to_vector<double>())
          << each.name;
    }
  }
}

TEST_P(TorchCorners, AreMappedWhereRowsFollowEachOther) {
  const auto files = WeightFiles::open(kGolden / GetParam());
  const auto inside = [&](const std::string& name) {
    const auto whole = files->files()[0].bytes;
    const auto* at = static_cast<const std::byte*>(files->load(name).raw());
    return at >= whole.data() && at < whole.data() + whole.size();
  };
  EXPECT_EQ(files->find("tied.one")->bytes.data(), files->find("tied.two")->bytes.data());
  EXPECT_EQ(files->find("rows")->bytes.data(), files->find("tied.one")->bytes.data() + 32);
  for (const char* name : {"transposed", "columns", "every_second"}) {
    EXPECT_FALSE(files->find(name)->strides.empty()) << name;
    EXPECT_FALSE(inside(name)) << name;
  }
  for (const char* name : {"plain", "tied.one", "rows"}) {
    EXPECT_TRUE(files->find(name)->strides.empty()) << name;
    if (std::string(GetParam()) != "corners_older.bin") {  // there at any alignment
      EXPECT_TRUE(inside(name)) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, TorchCorners,
                         testing::Values("corners.bin", "corners_older.bin", "corners_within.bin"),
                         [](const auto& info) {
                           const std::string name = info.param;
                           return name.substr(0, name.find('.'));
                         });

TEST_F(TorchFileTest, TensorsComeInTheOrderOfTheStateDict) {
  const auto files = WeightFiles::open(kGolden / "corners.bin");
  EXPECT_EQ(files->tensors()[0].name, "plain");
  EXPECT_EQ(files->tensors()[3].name, "transposed");
  EXPECT_EQ(files->tensors().back().name, "none");
  EXPECT_NE(files->files()[0].header.find("FloatStorage"), std::string_view::npos);
  EXPECT_LT(files->files()[0].header.size(), files->files()[0].bytes.size());
}

TEST_F(TorchFileTest, BothLayouts) {
  const TensorRecord record{.key = "0", .elements = 4, .shape = {2, 2}, .strides = {1, 2}};
  const test::Storages storages{{"0", floats({1, 2, 3, 4})}};
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(values(test::torch_sequence(pickle_of(record), storages)), ElementsAre(1, 3, 2, 4));
}

TEST_F(TorchFileTest, ArchivesWithLargeFieldsAndComments) {
  const TensorRecord record{.key = "7", .elements = 2, .shape = {2}, .strides = {1}};
  const std::string pickle = pickle_of(record);
  const test::Storages storages{{"7", floats({1.5F, -2})}};
  for (const test::ZipOptions& options :
       {test::ZipOptions{}, test::ZipOptions{.large = true}, test::ZipOptions{.comment = "hello"},
        test::ZipOptions{.large = true, .comment = std::string(60000, 'P')}}) {
    EXPECT_THAT(values(test::torch_archive(pickle, storages, options)), ElementsAre(1.5F, -2));
  }
}

TEST_F(TorchFileTest, ViewsIntoAStorage) {
  const test::Storages storages{{"0", floats({0, 1, 2, 3, 4, 5})}};
  TensorRecord record{.key = "0", .elements = 6, .shape = {2, 2}, .strides = {3, 1}, .offset = 1};
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre(1, 2, 4, 5));
  record.strides = {0, 1};  // one row twice
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre(1, 2, 1, 2));
  record.shape = {};
  record.strides = {};
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre(1));
  record.shape = {0, 5};
  record.strides = {9, 9};
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre());
}

TEST_F(TorchFileTest, OtherNamesOfTheSame) {
  const test::Storages storages{{"0", floats({1, 2})}};
  TensorRecord record{.key = "0", .elements = 2, .shape = {2}, .strides = {1}};
  record.storage = "torch.cuda\nFloatStorage";
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre(1, 2));
  record.storage = "torch\nFloatStorage";
  record.maker = "torch._utils\n_rebuild_tensor";
  EXPECT_THAT(values(test::torch_archive(pickle_of(record), storages)), ElementsAre(1, 2));
  const std::string wrapped = "ctorch._utils\n_rebuild_parameter\n(" + record.pickle() + "\x88NtR";
  EXPECT_THAT(values(test::torch_archive(test::pickled_dict({{"w", wrapped}}), storages)),
              ElementsAre(1, 2));
}

TEST_F(TorchFileTest, UntypedStorages) {
  TensorRecord record{.key = "0", .elements = 8, .shape = {2}, .strides = {1}};
  record.storage = "torch.storage\nUntypedStorage";
  record.maker = "torch._utils\n_rebuild_tensor_v3";
  std::string pickle = record.pickle();
  pickle.insert(pickle.size() - 2, "ctorch\nfloat32\n");
  EXPECT_THAT(
      values(test::torch_archive(test::pickled_dict({{"w", pickle}}), {{"0", floats({1, 2})}})),
      ElementsAre(1, 2));
}

TEST_F(TorchFileTest, ValuesBesideTensorsAreLeftAlone) {
  const TensorRecord record{.key = "0", .elements = 2, .shape = {2}, .strides = {1}};
  const std::string pickle = test::pickled_dict(
      {{"w", record.pickle()}, {"epoch", test::pickled(std::int64_t{3})}, {"more", "}"}});
  const auto files =
      WeightFiles::open(write("m.bin", test::torch_archive(pickle, {{"0", floats({1, 2})}})));
  EXPECT_EQ(files->tensors().size(), 1U);
}

TEST_F(TorchFileTest, FoldersAndShards) {
  const TensorRecord record{.key = "0", .elements = 2, .shape = {2}, .strides = {1}};
  const std::string one =
      test::torch_archive(test::pickled_dict({{"a", record.pickle()}}), {{"0", floats({1, 2})}});
  const std::string two =
      test::torch_archive(test::pickled_dict({{"b", record.pickle()}}), {{"0", floats({3, 4})}});
  write("pytorch_model-00001-of-00002.bin", one);
  write("pytorch_model-00002-of-00002.bin", two);
  write("pytorch_model.bin.index.json",
        R"({"weight_map": {"a": "pytorch_model-00001-of-00002.bin",)"
        R"( "b": "pytorch_model-00002-of-00002.bin"}})");
  EXPECT_THAT(WeightFiles::open(folder_)->load("b").to_vector<float>(), ElementsAre(3, 4));
  write("pytorch_model.bin", one);
  EXPECT_EQ(WeightFiles::open(folder_)->find("b"), nullptr);
}

}  // namespace
}  // namespace ascribo

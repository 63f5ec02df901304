// SPDX-License-Identifier: MIT
// What is written is read back, by the reader and by an independent one.
#include <gtest/gtest.h>

#include "ascribo/base/json.h"
#include "ascribo/io/safetensors.h"
#include "tests/stored_tensors.h"

namespace ascribo::test {
namespace {

TEST(SafetensorsWriter, WritesWhatIsReadBack) {
  const TempFolder folder;
  const std::filesystem::path file = folder.path() / "model.safetensors";
  const Tensor a = Tensor::from<float>(std::vector<float>{1, -2.5F, 3}, {3});
  const Tensor b = Tensor::from<float>(std::vector<float>{4, 5}, {2, 1});
  write_safetensors(file, {{"layer.weight", b}, {"a \"name\"", a}}, {{"format", "pt"}});
  const auto tensors = read_tensors(file);
  EXPECT_EQ(tensors.at("a \"name\"").tensor().to_vector<float>(), a.to_vector<float>());
  EXPECT_EQ(tensors.at("layer.weight").shape, (Shape{2, 1}));
  const WeightFiles files({read_safetensors(file)});
  EXPECT_EQ(files.load("layer.weight").to_vector<float>(), b.to_vector<float>());
  const Json header = Json::parse(files.files().front().header, "header");
  EXPECT_EQ(header.at("__metadata__").at("format").string(), "pt");
}

}  // namespace
}  // namespace ascribo::test

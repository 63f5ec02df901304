// SPDX-License-Identifier: MIT
// Weights that lie in memory make the subject that those of the file make.
#include "ascribo/explain/inputs/memory_subject.h"

#include <gtest/gtest.h>

#include "ascribo/io/weight_files.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

const Input kText = {.text = "the film is good"};

NamedTensors weights_of(const std::filesystem::path& folder) {
  const auto files = WeightFiles::open(folder);
  NamedTensors weights;
  for (const StoredTensor& each : files->tensors()) {
    if (each.dtype == "F32") weights.push_back({each.name, files->load(each.name)});
  }
  return weights;
}

TEST(MemorySubject, GivesTheSameBits) {
  for (const char* name : {"bert-cls", "distilbert-cls", "roberta-cls", "gpt2-cls"}) {
    const auto folder = test::golden_folder() / name;
    const Subject memory = open_in_memory(folder, weights_of(folder));
    const Request request{.method = "input_x_gradient", .targets = {"all"}};
    const Explanation found = memory.explain(kText, request);
    const Explanation known = Subject::open(folder).explain(kText, request);
    EXPECT_EQ(found.prediction.logits, known.prediction.logits) << name;
    ASSERT_EQ(found.attributions.size(), known.attributions.size());
    for (std::size_t k = 0; k < known.attributions.size(); ++k) {
      EXPECT_EQ(found.attributions[k].scores, known.attributions[k].scores) << name;
    }
  }
}

TEST(MemorySubject, WhatIsMissingIsSaid) {
  const auto folder = test::golden_folder() / "bert-cls";
  EXPECT_EQ(test::error_of(Code::kBadCheckpoint, [&] { open_in_memory(folder, {}); }),
            "[weights] there are none; expected the model's.");
  NamedTensors weights = weights_of(folder);
  weights.push_back(weights.front());
  EXPECT_EQ(test::error_of(Code::kBadCheckpoint, [&] { open_in_memory(folder, weights); }),
            "[weights] tensor \"" + weights.front().name +
                "\" is also in weights; expected it in " + "one shard.");
}

}  // namespace
}  // namespace ascribo

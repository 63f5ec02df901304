// SPDX-License-Identifier: MIT
// What every architecture promises, proved for every entry of the table on a golden checkpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "ascribo/base/threads.h"
#include "ascribo/models/architecture.h"
#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

class Conformance : public testing::TestWithParam<const Architecture*> {
 protected:
  void SetUp() override {
    const std::string name = golden_of(GetParam()->model_types.front());
    ASSERT_FALSE(name.empty()) << "tests/golden needs a checkpoint of model_type "
                               << GetParam()->model_types.front();
    golden.emplace(name);
    model = Model::open(golden->folder);
    sequences = all_sequences(*golden);
    if (!answers_tokens(model->info().head)) return;
    for (Sequence& each : sequences) each.reads = {each.size() - 1};  // one answer each
  }

  Batch one() const { return batch_of({sequences.front()}); }
  int layers() const { return static_cast<int>(model->info().layers); }

  std::optional<Golden> golden;
  std::unique_ptr<Model> model;
  std::vector<Sequence> sequences;
};

TEST_P(Conformance, BatchesInAnyOrderGiveTheBitsOfOneByOne) {
  std::vector<std::vector<float>> alone;
  for (const Sequence& each : sequences) {
    alone.push_back(logits_of(*model, batch_of({each})).to_vector<float>());
  }
  std::vector<std::size_t> order(sequences.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (int round = 0; round < 3; ++round) {
    std::vector<Sequence> batch;
    for (const std::size_t i : order) batch.push_back(sequences[i]);
    const Tensor together = logits_of(*model, batch_of(batch));
    for (std::size_t row = 0; row < order.size(); ++row) {
      const auto r = static_cast<std::int64_t>(row);
      EXPECT_EQ(together.slice(r, r + 1).to_vector<float>(), alone[order[row]])
          << "round " << round << " text " << order[row];
    }
    if (round == 0) std::reverse(order.begin(), order.end());
    if (round == 1) std::rotate(order.begin(), order.begin() + 1, order.end());
  }
}

TEST_P(Conformance, MasksOfOneTextGiveTheBitsOfOneByOne) {
  std::vector<Sequence> masks(8, sequences.front());
  for (std::size_t i = 0; i < masks.size(); ++i) {
    std::vector<std::int64_t>& ids = masks[i].ids;
    for (std::size_t at = i % 3; at < ids.size(); at += 3 + i) ids[at] = ids.front();
  }
  const Tensor together = logits_of(*model, batch_of(masks));
  for (std::size_t i = 0; i < masks.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    EXPECT_EQ(together.slice(row, row + 1).to_vector<float>(),
              logits_of(*model, batch_of({masks[i]})).to_vector<float>())
        << "mask " << i;
  }
}

TEST_P(Conformance, GradientsDoNotDependOnBatchMates) {
  const auto gradients = [&](const std::vector<Sequence>& batch, std::int64_t row) {
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch_of(batch), run);
    Tensor seeds = Tensor::zeros({1, logits.value().dim(0), logits.value().dim(1)});
    seeds.mutable_data<float>()[row * logits.value().dim(1)] = 1;
    return run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0);
  };
  const Tensor alone = gradients({sequences[0]}, 0);
  const Tensor all = gradients({sequences[1], sequences[0]}, 1);
  const Tensor rows = all.reshape({all.dim(1), all.dim(2)});
  const std::int64_t before = sequences[1].size();
  EXPECT_EQ(rows.slice(before, before + sequences[0].size()).to_vector<float>(),
            alone.to_vector<float>());
  for (const float g : rows.slice(0, before).to_vector<float>()) ASSERT_EQ(g, 0.0F);
}

TEST_P(Conformance, AnyNumberOfThreadsGivesTheSameBits) {
  const auto bits = [&](std::int64_t threads) {
    set_threads(threads);
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch_of({sequences[0]}), run);
    const Tensor seeds = every_output(logits.value().cols(), Dtype::kF32);
    const Tensor gradient = run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0);
    set_threads(0);
    return std::pair(logits.value().to_vector<float>(), gradient.to_vector<float>());
  };
  const auto alone = bits(1);
  EXPECT_EQ(bits(2), alone);
  EXPECT_EQ(bits(5), alone);
}

TEST_P(Conformance, TapsHaveTheShapesThatTheModelTells) {
  const std::int64_t length = sequences.front().size();
  const auto taps = model->taps(length);
  sequences.front().reads.clear();
  ascribo::Run run;
  std::set<TapPoint> points;
  for (const auto& [point, shape] : taps) {
    EXPECT_TRUE(points.insert(point).second) << to_string(point);
    run.capture(point);
  }
  model->forward(one(), run);
  for (const auto& [point, shape] : taps) {
    const Tensor& value = run.at(point).value();
    if (point.tap == Tap::kAttnProbs) {  // ragged: one dimension
      EXPECT_EQ(value.numel(), numel(shape)) << to_string(point);
    } else {
      EXPECT_EQ(value.shape(), shape) << to_string(point);
    }
  }
  EXPECT_EQ(taps.size(), static_cast<std::size_t>(2 + 7 * layers() + 2));
}

TEST_P(Conformance, AttentionProbabilitiesSumToOne) {
  ascribo::Run run;
  for (int n = 0; n < layers(); ++n) run.capture({Tap::kAttnProbs, n});
  model->forward(batch_of(sequences), run);
  for (int n = 0; n < layers(); ++n) {
    const std::vector<double> probs = run.at({Tap::kAttnProbs, n}).value().to_vector<double>();
    std::size_t at = 0;
    for (const Sequence& sequence : sequences) {
      for (std::int64_t row = 0; row < model->info().heads * sequence.size(); ++row) {
        double sum = 0;
        for (std::int64_t key = 0; key < sequence.size(); ++key) sum += probs.at(at++);
        ASSERT_NEAR(sum, 1.0, 1e-6) << "layer " << n;
      }
    }
    EXPECT_EQ(at, probs.size());
  }
}

TEST_P(Conformance, SkippingRowsOfTheLastLayerChangesNoBit) {
  const Batch batch = batch_of(sequences);
  const auto run_with = [&](bool full) {
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    if (full) run.capture({Tap::kHidden, layers()});
    const Variable logits = model->forward(batch, run);
    Tensor seeds = Tensor::zeros({1, logits.value().dim(0), logits.value().dim(1)});
    for (std::int64_t s = 0; s < logits.value().dim(0); ++s) {
      seeds.mutable_data<float>()[s * logits.value().dim(1) + 1] = 1;
    }
    return std::pair(logits.value().to_vector<float>(),
                     run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0));
  };
  const auto [skipped, skipped_gradient] = run_with(false);
  const auto [full, full_gradient] = run_with(true);
  EXPECT_EQ(skipped, full);
  // Gradients add up zero rows in another order, so they agree to rounding only.
  EXPECT_LT(relative_error(skipped_gradient, full_gradient), 2e-6);
}

TEST_P(Conformance, GoesOnFromAReplacedValue) {
  const Batch batch = batch_of(sequences);
  std::vector<TapPoint> points{{Tap::kWordEmbeddings}, {Tap::kEmbeddings}};
  for (int n = 0; n <= layers(); ++n) points.push_back({Tap::kHidden, n});
  for (int n = 0; n < layers(); ++n) {
    points.push_back({Tap::kAttnValue, n});
    points.push_back({Tap::kAttnProbs, n});
    points.push_back({Tap::kFfnOut, n});
  }
  points.push_back({Tap::kLogits});
  ascribo::Run first;
  for (const TapPoint point : points) first.capture(point);
  const std::vector<float> expected = model->forward(batch, first).value().to_vector<float>();
  for (const TapPoint point : points) {
    ascribo::Run run;
    run.replace(point, first.at(point).value());
    EXPECT_EQ(model->forward(batch, run).value().to_vector<float>(), expected) << to_string(point);
  }
}

TEST_P(Conformance, ComputesNothingBelowAReplacedLayer) {
  ascribo::Run first;
  first.capture({Tap::kHidden, 1});
  model->forward(one(), first);
  ascribo::Run run;
  run.replace({Tap::kHidden, 1}, first.at({Tap::kHidden, 1}).value());
  for (const TapPoint point : {TapPoint{Tap::kWordEmbeddings}, TapPoint{Tap::kEmbeddings},
                               TapPoint{Tap::kHidden, 0}, TapPoint{Tap::kAttnValue, 0}}) {
    run.edit(point, [](const Variable&) -> Variable {
      ADD_FAILURE() << "a value below the replaced layer was computed";
      return {};
    });
  }
  model->forward(one(), run);
}

TEST_P(Conformance, FloatAgreesWithDouble) {
  const auto exact = Model::open(golden->folder, Dtype::kF64);
  EXPECT_LT(relative_error(logits_of(*model, batch_of(sequences)),
                           logits_of(*exact, batch_of(sequences))),
            2e-6);
}

TEST_P(Conformance, HiddenTokensCountForNothing) {
  Sequence sequence = sequences.front();
  sequence.visible.assign(sequence.ids.size(), 1);
  sequence.visible[2] = 0;
  const auto before = logits_of(*model, batch_of({sequence})).to_vector<float>();
  EXPECT_NE(before, logits_of(*model, one()).to_vector<float>());
  sequence.ids[2] = (sequence.ids[2] + 1) % model->info().vocab;
  EXPECT_EQ(logits_of(*model, batch_of({sequence})).to_vector<float>(), before);
}

TEST_P(Conformance, TellsWhatItIsMadeOf) {
  const ModelInfo& info = model->info();
  const Json config = Json::parse(read_text(golden->folder / "config.json"), "config.json");
  EXPECT_EQ(info.architecture, config.at("architectures").at(std::size_t{0}).string());
  EXPECT_EQ(info.model_type, GetParam()->model_types.front());
  EXPECT_EQ(info.outputs, logits_of(*model, one()).cols());
  const bool words = info.head == HeadKind::kCausalLanguageModel;  // these need no labels
  EXPECT_EQ(static_cast<std::int64_t>(info.labels.size()), words ? 0 : info.outputs);
  EXPECT_THAT(info.hash, testing::MatchesRegex("[0-9a-f]{64}"));
  EXPECT_THAT(model->full_hash(), testing::MatchesRegex("[0-9a-f]{64}"));
  EXPECT_TRUE(info.unused.empty());
  std::int64_t parameters = 0, in_file = 0;
  for (const ModuleInfo& module : info.modules) parameters += numel(module.shape);
  for (const auto& [name, tensor] : read_tensors(golden->folder / "model.safetensors")) {
    in_file += numel(tensor.shape);
  }
  EXPECT_EQ(info.parameters, parameters);
  EXPECT_EQ(info.parameters, in_file);
}

INSTANTIATE_TEST_SUITE_P(Architectures, Conformance,
                         testing::ValuesIn(architectures().begin(), architectures().end()),
                         [](const auto& info) { return test_name(std::string(info.param->name)); });

}  // namespace
}  // namespace ascribo::test

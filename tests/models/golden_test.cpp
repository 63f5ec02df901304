// SPDX-License-Identifier: MIT
// Every inner value and gradient of the golden checkpoints against transformers and autograd.
#include <gtest/gtest.h>

#include "ascribo/graph/taps.h"
#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

// What a careful implementation reaches against records made in float32.
constexpr double kTolerance = 2e-5;

struct Subject {
  const char* name;
  Dtype compute;
};

class GoldenModel : public testing::TestWithParam<Subject> {
 protected:
  GoldenModel() : golden(GetParam().name), model(Model::open(golden.folder, GetParam().compute)) {}
  Golden golden;
  std::unique_ptr<Model> model;
};

TEST_P(GoldenModel, LogitsOfEachTextAndOfAllAtOnce) {
  const Tensor together = logits_of(*model, batch_of(all_sequences(golden)));
  std::int64_t row = 0;
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Tensor expected = golden.logits(i);
    const Tensor alone = logits_of(*model, batch_of({golden.sequence(i)}));
    EXPECT_LT(relative_error(alone, expected), kTolerance) << "case " << i;
    const std::int64_t end = row + alone.dim(0);
    EXPECT_LT(relative_error(together.slice(row, end), expected), kTolerance) << "case " << i;
    row = end;
  }
}

TEST_P(GoldenModel, HiddenStates) {
  if (!golden.has(0, "hidden_states")) return;  // those of the family's classifier are recorded
  const int layers = static_cast<int>(model->info().layers);
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    ascribo::Run run;
    for (int n = 0; n <= layers; ++n) run.capture({Tap::kHidden, n});
    model->forward(batch_of({golden.sequence(i)}), run);
    const Tensor expected = golden.expected(i, "hidden_states");
    ASSERT_EQ(expected.dim(0), layers + 1);
    for (int n = 0; n <= layers; ++n) {
      EXPECT_LT(relative_error(run.at({Tap::kHidden, n}).value(), expected.slice(n, n + 1)),
                kTolerance)
          << "case " << i << " layer " << n;
    }
  }
}

TEST_P(GoldenModel, Attentions) {
  if (!golden.has(0, "attentions")) return;
  const int layers = static_cast<int>(model->info().layers);
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    ascribo::Run run;
    for (int n = 0; n < layers; ++n) run.capture({Tap::kAttnProbs, n});
    model->forward(batch_of({golden.sequence(i)}), run);
    const Tensor expected = golden.expected(i, "attentions");
    for (int n = 0; n < layers; ++n) {
      EXPECT_LT(relative_error(run.at({Tap::kAttnProbs, n}).value(), expected.slice(n, n + 1)),
                kTolerance)
          << "case " << i << " layer " << n;
    }
  }
}

TEST_P(GoldenModel, WordEmbeddings) {
  if (!golden.has(0, "word_embeddings")) return;
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    ascribo::Run run;
    run.capture({Tap::kWordEmbeddings});
    model->forward(batch_of({golden.sequence(i)}), run);
    const Tensor expected = golden.expected(i, "word_embeddings");
    EXPECT_LT(relative_error(run.at({Tap::kWordEmbeddings}).value(), expected), kTolerance);
    EXPECT_LT(relative_error(model->word_embeddings(golden.sequence(i).ids), expected), kTolerance);
  }
}

TEST_P(GoldenModel, GradientsOfEveryTargetAtTheWordEmbeddings) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch_of({golden.embedded_sequence(i)}), run);
    const Tensor seeds = seeds_at(golden.targets(i), logits.value());
    const Tensor found = run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0);
    const Tensor expected = golden.expected(i, "grad");  // [targets, seq, embedding]
    ASSERT_EQ(found.shape(), expected.shape());
    for (std::int64_t t = 0; t < expected.dim(0); ++t) {
      EXPECT_LT(relative_error(found.slice(t, t + 1), expected.slice(t, t + 1)), kTolerance)
          << "case " << i << " target " << t;
    }
  }
}

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const char* name :
       {"bert-cls",    "bert-relu-pair", "bert-ner",       "bert-qa",         "bert-mlm",
        "electra-cls", "electra-disc",   "distilbert-cls", "distilbert-qa",   "distilbert-mlm",
        "roberta-cls", "roberta-qa",     "roberta-mlm",    "xlm-roberta-cls", "xlm-roberta-ner",
        "albert-cls",  "mpnet-cls",      "deberta-v2-cls", "modernbert-cls",  "gpt2-cls",
        "gpt2-lm",     "opt-lm",         "gpt-neox-lm",    "bloom-lm",        "llama-lm",
        "mistral-lm",  "qwen2-lm",       "qwen3-lm",       "gemma-lm",        "phi3-lm"}) {
    for (const Dtype compute : {Dtype::kF32, Dtype::kF64}) all.push_back({name, compute});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Models, GoldenModel, testing::ValuesIn(subjects()), [](const auto& info) {
  return test_name(std::string(info.param.name) + "_" +
                   std::string(dtype_name(info.param.compute)));
});

// The engine's float and double differ by float's own error only, far below what golden files show.
TEST(GoldenPrecision, FloatAgreesWithDouble) {
  for (const char* name :
       {"bert-cls", "bert-relu-pair", "bert-mlm", "electra-cls", "distilbert-cls", "roberta-cls",
        "albert-cls", "mpnet-cls", "deberta-v2-cls", "modernbert-cls", "gpt2-lm", "opt-lm",
        "gpt-neox-lm", "bloom-lm", "llama-lm", "mistral-lm", "qwen3-lm", "gemma-lm", "phi3-lm"}) {
    const Golden golden(name);
    const Batch batch = batch_of(all_sequences(golden));
    const Tensor single = logits_of(*Model::open(golden.folder), batch);
    const Tensor exact = logits_of(*Model::open(golden.folder, Dtype::kF64), batch);
    EXPECT_EQ(exact.dtype(), Dtype::kF64);
    EXPECT_LT(relative_error(single, exact), 2e-6) << name;
  }
}

}  // namespace
}  // namespace ascribo::test

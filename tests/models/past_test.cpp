// SPDX-License-Identifier: MIT
// A forward that begins after tokens that ran before gives the bits of one that does not.
#include "ascribo/ops/past/past.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ascribo/base/error.h"
#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

using Kept = std::shared_ptr<const Past>;

// A text of the golden records, repeated until it is longer than two blocks or the model's
// positions are full.
Sequence long_sequence(const Model& model, const std::vector<std::int64_t>& ids,
                       std::int64_t length) {
  std::vector<std::int64_t> repeated;
  const std::int64_t most = std::min(length, model.info().max_positions);
  for (std::size_t i = 0; static_cast<std::int64_t>(repeated.size()) < most; ++i) {
    repeated.push_back(ids[(i + i / ids.size()) % ids.size()]);
  }
  return plain_sequence(repeated);
}

struct Ran {
  std::vector<float> logits;
  std::vector<Kept> pasts;
};

Ran run(const Model& model, const std::vector<Sequence>& sequences) {
  ascribo::Run run;
  Ran ran;
  ran.logits =
      model.forward_keeping(batch_of(sequences), run, ran.pasts).value().to_vector<float>();
  return ran;
}

// The sequence's tokens [begin, end), after a past of those before.
Sequence part(const Sequence& whole, std::int64_t end, const Kept& past) {
  Sequence first = whole;
  for (auto* each : {&first.ids, &first.positions, &first.type_ids}) {
    each->resize(static_cast<std::size_t>(end));
  }
  if (!first.visible.empty()) first.visible.resize(static_cast<std::size_t>(end));
  return past ? following(first, past) : first;
}

class Pasts : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    model = Model::open(Golden(GetParam()).folder);
    ids = Golden(GetParam()).sequence(0).ids;
    ASSERT_TRUE(model->info().causal);
    outputs = static_cast<std::size_t>(model->info().outputs);
    per_token = answers_tokens(model->info().head);
  }

  // Logits of whole sequences, one by one.
  std::vector<float> whole(const Sequence& sequence) const {
    return logits_of(*model, batch_of({sequence})).to_vector<float>();
  }

  // Logits of the tokens from `first` on, or of the last where the head answers once.
  std::vector<float> tail(const std::vector<float>& logits, std::int64_t first) const {
    const std::size_t skipped = per_token ? static_cast<std::size_t>(first) * outputs : 0;
    return {logits.begin() + static_cast<std::ptrdiff_t>(skipped), logits.end()};
  }

  std::unique_ptr<Model> model;
  std::vector<std::int64_t> ids;
  std::size_t outputs = 0;
  bool per_token = false;
};

TEST_P(Pasts, OneTokenAtATime) {
  const Sequence all = long_sequence(*model, ids, 70);
  const std::vector<float> expected = whole(all);
  Kept past;
  for (std::int64_t end = 1; end <= all.size(); ++end) {
    const Ran step = run(*model, {part(all, end, past)});
    past = step.pasts.at(0);
    ASSERT_EQ(past->size(), end);
    if (!per_token && end < all.size()) continue;
    const auto first = expected.begin() +
                       static_cast<std::ptrdiff_t>(tail(expected, 0).size() -
                                                   tail(expected, per_token ? end - 1 : 0).size());
    ASSERT_EQ(step.logits,
              (std::vector<float>{first, first + static_cast<std::ptrdiff_t>(outputs)}))
        << "token " << end - 1;
  }
}

TEST_P(Pasts, InPiecesOfAnyLength) {
  const Sequence all = long_sequence(*model, ids, 70);
  const std::vector<float> expected = whole(all);
  for (const std::int64_t length : {3, 16, 31, 32, 33, 50}) {
    Kept past;
    for (std::int64_t begin = 0; begin < all.size(); begin += length) {
      const std::int64_t end = std::min(begin + length, all.size());
      const Ran piece = run(*model, {part(all, end, past)});
      past = piece.pasts.at(0);
      if (end < all.size()) continue;
      EXPECT_EQ(piece.logits, tail(expected, begin)) << length;
    }
  }
}

// Sequences that share a past, one that has another, and one that has none.
TEST_P(Pasts, SharedByABatchOfDifferentLengths) {
  const Sequence all = long_sequence(*model, ids, 60);
  const Sequence other = plain_sequence({ids.rbegin(), ids.rend()});
  const Kept past = run(*model, {all}).pasts.at(0);
  const Kept others = run(*model, {other}).pasts.at(0);
  std::vector<Sequence> batch;
  std::vector<float> expected;
  const auto add = [&](const Sequence& sequence, const Kept& before, std::int64_t count) {
    batch.push_back(count == 0 ? sequence : following(sequence, before->up_to(count)));
    const std::vector<float> own = tail(whole(sequence), count);
    expected.insert(expected.end(), own.begin(), own.end());
  };
  for (const std::int64_t count : {all.size() - 1, std::int64_t{1}, all.size() / 2}) {
    Sequence changed = all;
    std::rotate(changed.ids.begin() + count, changed.ids.end() - 1, changed.ids.end());
    add(changed, past, count);
    add(all, past, count);
  }
  add(other, nullptr, 0);
  add(other, others, 2);
  EXPECT_EQ(logits_of(*model, batch_of(batch)).to_vector<float>(), expected);
}

// The second continuation may not write where the first has written.
TEST_P(Pasts, ContinuationsDoNotMeet) {
  const Sequence all = long_sequence(*model, ids, 45);
  const std::int64_t half = all.size() / 2;
  Sequence changed = all;
  std::rotate(changed.ids.begin() + half, changed.ids.begin() + half + 1, changed.ids.end());
  const Kept past = run(*model, {part(all, half, nullptr)}).pasts.at(0);
  const Kept first = run(*model, {part(all, all.size() - 1, past)}).pasts.at(0);
  const Kept second = run(*model, {part(changed, all.size() - 1, past)}).pasts.at(0);
  EXPECT_EQ(past->size(), half);
  EXPECT_EQ(run(*model, {following(all, first)}).logits, tail(whole(all), all.size() - 1));
  EXPECT_EQ(run(*model, {following(changed, second)}).logits, tail(whole(changed), all.size() - 1));
}

TEST_P(Pasts, HiddenTokensStayHidden) {
  Sequence all = long_sequence(*model, ids, 40);
  all.visible.assign(all.ids.size(), 1);
  all.visible[1] = all.visible[static_cast<std::size_t>(all.size() - 2)] = 0;
  const Kept past = run(*model, {all}).pasts.at(0);
  for (const std::int64_t count : {all.size() - 1, std::int64_t{2}, std::int64_t{1}}) {
    EXPECT_EQ(run(*model, {following(all, past->up_to(count))}).logits, tail(whole(all), count));
  }
}

// Each begins with some tokens of the one before, after a past or none.
TEST_P(Pasts, SequencesOfABatchShareRows) {
  const Sequence all = long_sequence(*model, ids, 60);
  const Kept past = run(*model, {all}).pasts.at(0)->up_to(2);
  for (const std::int64_t before : {std::int64_t{0}, std::int64_t{2}}) {
    std::vector<Sequence> batch{before == 0 ? all : following(all, past)};
    std::vector<float> expected = tail(whole(all), before);
    Sequence changed = all;
    for (const std::int64_t first :
         {all.size() - 1, all.size() / 2, std::int64_t{3}, all.size() - 3}) {
      std::swap(changed.ids[static_cast<std::size_t>(first)], changed.ids.back());
      batch.push_back(rest_of(changed, first));
      batch.back().past = batch.front().past;
      batch.back().shared = first - before;
      const std::vector<float> own = tail(whole(changed), first);
      expected.insert(expected.end(), own.begin(), own.end());
    }
    batch.push_back(all);
    const std::vector<float> last = whole(all);
    expected.insert(expected.end(), last.begin(), last.end());
    EXPECT_EQ(logits_of(*model, batch_of(batch)).to_vector<float>(), expected) << before;
  }
}

TEST_P(Pasts, InDoublePrecision) {
  const auto twice = Model::open(Golden(GetParam()).folder, Dtype::kF64);
  const Sequence all = long_sequence(*twice, ids, 40);
  ascribo::Run first, second;
  std::vector<Kept> pasts;
  const std::int64_t count = all.size() - 3;
  twice->forward_keeping(batch_of({part(all, count, nullptr)}), first, pasts);
  const Sequence rest = following(all, pasts.at(0));
  const auto actual = twice->forward(batch_of({rest}), second).value().to_vector<double>();
  const auto expected = logits_of(*twice, batch_of({all})).to_vector<double>();
  for (std::size_t i = 1; i <= actual.size(); ++i) {
    ASSERT_NEAR(actual[actual.size() - i], expected[expected.size() - i], 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Pasts,
                         testing::Values("gpt2-lm", "gpt2-cls", "opt-lm", "gpt-neox-lm", "llama-lm",
                                         "mistral-lm", "qwen2-lm", "qwen3-lm", "gemma-lm",
                                         "phi3-lm", "bloom-lm"),
                         [](const auto& info) { return test_name(info.param); });

TEST(Past, HoldsOnlyWhatItsOwnModelKept) {
  const auto gpt2 = Model::open(Golden("gpt2-lm").folder);
  const auto llama = Model::open(Golden("llama-lm").folder);
  const auto bert = Model::open(Golden("bert-cls").folder);
  const Sequence all = plain_sequence({1, 2, 3});
  Sequence rest = following(all, run(*gpt2, {part(all, 2, nullptr)}).pasts.at(0));
  EXPECT_TRUE(bert->info().architecture == "BertForSequenceClassification" && !bert->info().causal);
  const auto message = [](auto call) -> std::string {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message([&] {
              logits_of(*llama, batch_of({all, rest}));
            }),
            "[model] sequence 1 has a past that is not of this model; expected what "
            "forward_keeping() of this model gave.");
  EXPECT_EQ(message([&] { logits_of(*bert, batch_of({rest})); }),
            "[model] sequence 0 has a past that is not of this model; expected whole sequences, as "
            "the model is not causal.");
  EXPECT_EQ(
      message([&] { run(*bert, {all}); }),
      "[model] BertForSequenceClassification keeps nothing for tokens that follow; expected a "
      "causal model.");
  EXPECT_EQ(message([&] {
              ascribo::Run watching;
              watching.watch({Tap::kWordEmbeddings});
              gpt2->forward(batch_of({rest}), watching);
            }),
            "[run] gradients are wanted where tokens ran before; expected whole sequences, without "
            "a past or rows that are shared.");
  EXPECT_EQ(message([&] {
              ascribo::Run late;
              std::vector<Kept> pasts;
              late.replace({Tap::kHidden, 1}, Tensor::zeros({3, gpt2->info().hidden}));
              gpt2->forward_keeping(batch_of({all}), late, pasts);
            }),
            "[run] a value is put in at hidden:1 and layers before it are to be kept; expected a "
            "run of all layers.");
  const std::int64_t most = gpt2->info().max_positions;
  const Kept full = run(*gpt2, {long_sequence(*gpt2, {1, 2}, most)}).pasts.at(0);
  Sequence beyond{.ids = {1}, .positions = {most - 1}, .type_ids = {0}, .past = full};
  EXPECT_THAT(message([&] { logits_of(*gpt2, batch_of({beyond})); }),
              testing::HasSubstr("sequence 0 has " + std::to_string(most + 1) + " tokens"));
}

// A block is made anew only when a token begins it, so that a step costs one token.
TEST(Past, AddsTokensInPlace) {
  const Past::Form form{.layers = 1, .heads = 2, .width = 3};
  const Tensor row = Tensor::from<float>(std::vector<float>{1, 2, 3, 4, 5, 6}, {1, 6});
  std::shared_ptr<const Past> past;
  const float* block = nullptr;
  for (std::int64_t token = 0; token < 2 * Past::kBlock; ++token) {
    const auto next = Past::after(past.get(), form, 1);
    next->write(0, row, row);
    past = next;
    const float* last = past->keys<float>(0, 0, token / Past::kBlock);
    EXPECT_EQ(last == block, token % Past::kBlock > 0) << token;
    block = last;
    EXPECT_EQ(past->keys<float>(0, 1, token / Past::kBlock)[token % Past::kBlock], 4);
    EXPECT_EQ(past->values<float>(
                  0, 1, token / Past::kBlock)[token % Past::kBlock * past->value_row() + 2],
              6);
  }
}

}  // namespace
}  // namespace ascribo::test
